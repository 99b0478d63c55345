/**
 * Line breaks, other controls, and what Unicode declares invisible or uses to turn text around.
 * Joiners and variation selectors only shape what stands before them.
 */
export const HIDDEN_CHARACTERS =
  /((?![\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb])/gu;
