/** The interface description that cosmwasm-schema 2 writes for a contract, as far as types are made from it. */

/** The keywords of JSON Schema draft-07 that schemars uses. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** One contract. `responses` has the answer to each query, by the query's name. */
export interface Idl {
  readonly contract_name: string;
  readonly contract_version: string;
  readonly idl_version: string;
  readonly instantiate: Schema | null;
  readonly execute: Schema | null;
  readonly query: Schema | null;
  readonly migrate: Schema | null;
  readonly responses: Readonly<Record<string, Schema>> | null;
}
