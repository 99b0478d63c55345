/** Why a form cannot be uploaded: `code` is stable and for machines, `detail` for a person. */
export interface UploadRefusal {
  code: string;
  detail: string;
}
