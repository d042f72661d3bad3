/** The contracts by name, each with the types that are generated from its schema. */
import type * as market from "./generated/execution-market.js";
import type * as registry from "./generated/registry.js";
import type * as staking from "./generated/staking.js";
import type * as token from "./generated/token.js";

/** The contracts in the order in which they are deployed. */
export const CONTRACTS = ["token", "registry", "staking", "execution-market"] as const;
export type ContractName = (typeof CONTRACTS)[number];

interface Interface<Instantiate, Execute, Query, Responses> {
  readonly instantiate: Instantiate;
  readonly execute: Execute;
  readonly query: Query;
  readonly responses: Responses;
}

export interface Interfaces {
  token: Interface<token.InstantiateMsg, token.ExecuteMsg, token.QueryMsg, token.QueryResponses>;
  registry: Interface<registry.InstantiateMsg, registry.ExecuteMsg, registry.QueryMsg, registry.QueryResponses>;
  staking: Interface<staking.InstantiateMsg, staking.ExecuteMsg, staking.QueryMsg, staking.QueryResponses>;
  "execution-market": Interface<market.InstantiateMsg, market.ExecuteMsg, market.QueryMsg, market.QueryResponses>;
}

/** What comes with a CW20 `Send`, by the contract that receives it. These travel as bytes, so no schema has them. */
export interface Hooks {
  registry: { register_service: { sid: string; name?: string; description?: string; url?: string } };
  staking: { bond: { runner: number } };
  "execution-market":
    | { request: { items: market.RequestItem[] } }
    | { deposit: { account?: string; sub?: number } }
    | { challenge: { execution: string } }
    | { bond_service: { service: number } };
}

export type ExecuteMsg<C extends ContractName> = Interfaces[C]["execute"];
export type InstantiateMsg<C extends ContractName> = Interfaces[C]["instantiate"];
export type QueryName<C extends ContractName> = keyof Interfaces[C]["responses"] & string;
export type QueryResponse<C extends ContractName, Q extends QueryName<C>> = Interfaces[C]["responses"][Q];
/** The arguments of the query `Q`, out of the union of all queries. */
export type QueryArgs<C extends ContractName, Q extends QueryName<C>> = ArgsOf<Interfaces[C]["query"], Q>;
type ArgsOf<Message, Name extends string> = Message extends Record<Name, infer Args> ? Args : never;
