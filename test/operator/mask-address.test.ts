import { maskAddress } from '../../src/operator/mask-address';

it.each([
  ['ada@example.com', 'a…@example.com'],
  ['a@example.com', '…@example.com'],
  ['élan@exämple.com', 'é…@exämple.com'],
  ['"ada@home"@example.com', '"…@example.com'],
  ['\u202eda@example.com', '…@example.com'],
  ['ada@[127.0.0.1]', '…'],
  ['ada@exam\u001bple.com', '…'],
  ['nobody', '…'],
  ['', '…'],
])('masks %j as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
});
