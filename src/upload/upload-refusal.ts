/** Why a form is refused: `code` is stable and for programs, `detail` for people. */
export interface UploadRefusal {
  code: string;
  detail: string;
}
