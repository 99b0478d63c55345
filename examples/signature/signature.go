// go run signature.go < body.json               prints the signature header of the body
// go run signature.go SIGNATURE < body.json     exits with 0 if the signature is the body's, else 1
// Needs WEBHOOK_SECRET_KEY.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"
)

func sign(body []byte, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func verify(body []byte, key, signature string) bool {
	return hmac.Equal([]byte(sign(body, key)), []byte(signature))
}

func main() {
	key := os.Getenv("WEBHOOK_SECRET_KEY")
	// The bytes as they came: a body that was parsed and written again is another one.
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) == 1 {
		fmt.Println(sign(body, key))
	} else if !verify(body, key, os.Args[1]) {
		os.Exit(1)
	}
}
