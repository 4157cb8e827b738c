/** In what ways Resource Graph does less well than one might hope; may be changed while it runs. */
export interface GraphBehaviour {
  /** Milliseconds by which rows lag behind Resource Manager (0) */
  delay?: number;
  /** Every query answers 403 */
  forbidden?: boolean;
  /** Columns, or paths below them, that are null in every row, such as `properties.encryption`; `*` is any name */
  leftOutColumns?: string[];
  /** The same for single resources, by their ids */
  leftOutFor?: Record<string, string[]>;
  /** Registries' identities have neither `clientId` nor `principalId` (false) */
  identityIdsLeftOut?: boolean;
  /** Rows that a page may have before it is too large (no limit) */
  maxRows?: number;
  /** Bytes that an answer may have before it is too large (16 MiB) */
  maxBytes?: number;
  /** An empty page with a token comes before every page but the first */
  emptyPages?: boolean;
  /** Every page but the first begins with the last row of its predecessor */
  duplicateRows?: boolean;
  /** By how much `totalRecords` moves with every page (0) */
  shiftTotalRecords?: number;
  /** Where there is more than one page, the first one says that it is truncated and has no token */
  truncatedWithoutToken?: boolean;
  /** Where there is more than one page, the first one looks as if it were the last */
  loseToken?: boolean;
}
