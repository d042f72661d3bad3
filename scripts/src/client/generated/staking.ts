// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.

/** An address. */
export type Addr = string;

/** Bytes in base64. */
export type Binary = string;

/** A share of 0 to 10,000 basis points. */
export type Bps = number;

/** A drawn runner. */
export interface Candidate {
  /** Number of its attestation key. */
  key_no: number;
  /** The runner. */
  runner: number;
  /** Its seats in that epoch: how many it may hold at once. */
  seats: number;
}

/** The fixed configuration, the market and the current epoch. */
export interface ConfigResponse {
  /** Longest average block time assumed, in seconds. */
  block_max_avg: number;
  /** Share of active stake that stands behind seats. */
  capacity_bps: Bps;
  /** The epoch of the block that answers. */
  epoch: Uint64;
  /** Length of an epoch, in seconds. */
  epoch_secs: number;
  /** Who may set the market. */
  instantiator: Addr;
  /** The market, once set. */
  market?: Addr | null;
  /** Least value of active stake after a bond, in base units. */
  min_stake: Uint128;
  /** The registry. */
  registry: Addr;
  /** The staked CW20 token. */
  token: Addr;
  /** How long unbonding stake stays slashable, in seconds. */
  unbonding_secs: number;
}

/** Cw20ReceiveMsg should be de/serialized under `Receive()` variant in a ExecuteMsg */
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}

/** 32 bytes in 64 lower-case hexadecimal digits. */
export type Digest32 = string;

/** One draw. */
export interface Draw {
  /** How many positions: above 0; `offset + count` at most 96. */
  count: number;
  /** Epoch that the execution is bound in: the current one or the one before. */
  epoch: Uint64;
  /** First position wanted, from 0. */
  offset: number;
  /** Seed of the execution's round. */
  seed: Digest32;
  /** The version whose pool is drawn from. */
  version: number;
}

/** The draws' outcomes, in the order asked. */
export interface DrawManyResponse {
  /** One outcome for each draw. */
  draws: DrawOutcome[];
}

/** Outcome of one draw. */
export type DrawOutcome =
  /** Candidates at positions `offset` up to `offset + count`, in order; fewer where the pool is exhausted, none from an unknown version. */
  | {
    candidates: Candidate[];
  }
  /** Nothing can be drawn. */
  | {
    refused: DrawRefusal;
  };

/** Why nothing can be drawn. */
export type DrawRefusal =
  /** The epoch is neither the current one nor the one before. */
  | "epoch"
  /** `count` is 0 or `offset + count` is above 96. */
  | "positions";

/** Messages. Who may send which is [`ExecuteMsg::permission`]. */
export type ExecuteMsg =
  /** Names the market, the only slasher. From the instantiator, once; bonds are refused until then. */
  | {
    set_market: {
      /** Address of the execution-market contract. */
      market: string;
    };
  }
  /** Hook of the token: carries a [`ReceiveMsg`]. From the token contract only. */
  | {
    receive: Cw20ReceiveMsg;
  }
  /** Registers a runner for one service; the sender becomes its owner. From anyone, while the service is not retired. Answers [`RegisterRunnerResponse`] as data. */
  | {
    register_runner: {
      /** Compressed secp256k1 public key, 33 bytes, a valid point: signs seals. Gets the number 0. */
      attestation_key: Binary;
      /** Where other runners reach it: 0 to 256 bytes of printable ASCII without spaces; empty for nowhere. */
      endpoint: string;
      /** Address of the hot key that sends the runner's transactions. */
      operator: string;
      /** The service, which must exist in the registry. */
      service: number;
    };
  }
  /** Changes the operator (owner only) or the endpoint (owner or operator); at least one must be given. */
  | {
    update_runner: {
      /** New endpoint, as at registration. */
      endpoint?: string | null;
      /** New operator address. */
      operator?: string | null;
      /** The runner. */
      runner: number;
    };
  }
  /** Serves a version of the runner's service from the next epoch on. From owner or operator. At most two versions at once, and every version served must then give at least two seats. */
  | {
    opt_in: {
      /** The runner. */
      runner: number;
      /** The version, which must belong to the runner's service. */
      version: number;
    };
  }
  /** Stops serving a version from the next epoch on. From owner or operator. */
  | {
    opt_out: {
      /** The runner. */
      runner: number;
      /** A version that it serves. */
      version: number;
    };
  }
  /** Starts to unbond; slashable until released. From the owner. At most seven entries at once. */
  | {
    unbond: {
      /** How much, in base units: above 0, at most the value of the active stake. */
      amount: Uint128;
      /** The runner. */
      runner: number;
    };
  }
  /** Pays out every released unbonding entry. From the owner. */
  | {
    withdraw: {
      /** The runner. */
      runner: number;
      /** Address that receives the tokens; the owner if absent. */
      to?: string | null;
    };
  }
  /** Takes exact amounts from runners and sends their sum to the market in one transfer. From the market only. Any mismatch is an error: the market has computed the amounts from the runners' rows. */
  | {
    slash: {
      /** 1 to 50 items; a runner may occur more than once. */
      items: SlashItem[];
    };
  }
  /** Brings a runner's seats in line with its stake, from the next epoch on. From anyone. */
  | {
    sync: {
      /** The runner. */
      runner: number;
    };
  };

/** Instantiates the contract. The sender is remembered for `SetMarket` and has no other right. */
export interface InstantiateMsg {
  /** Longest average block time assumed for periods in blocks, in seconds: 1 to 60. */
  block_max_avg: number;
  /** Share of active stake that stands behind seats, in basis points: 1,000 to 5,000. */
  capacity_bps: Bps;
  /** Length of an epoch in seconds, 1 to 21,600; epoch(t) = ⌊t / epoch_secs⌋ of unix seconds. */
  epoch_secs: number;
  /** Least value of a runner's active stake after a bond, in base units: above 0. */
  min_stake: Uint128;
  /** Address of the registry that services and versions are read from; fixed for ever. */
  registry: string;
  /** Address of the CW20 token that is staked; fixed for ever. */
  token: string;
  /** How long unbonding stake stays slashable, in seconds: 1 to 2,592,000. */
  unbonding_secs: number;
}

/** Migrates from an older version of this contract. */
export type MigrateMsg = Record<string, never>;

/** What some owners hold together. */
export interface OwnerShare {
  /** p^(k1+1): the chance that they hold a whole committee of round 1, in parts per billion, rounded up. */
  committee_ppb: number;
  /** How many owners: 1, 2 or 3. */
  owners: number;
  /** p: their share of all seats, in parts per billion, rounded up. */
  share_ppb: number;
}

/** Totals of a pool in one epoch. */
export interface PoolAt {
  /** The epoch. */
  epoch: Uint64;
  /** Runners with at least one seat. */
  runners: number;
  /** Seats of all of them. */
  seats: Uint64;
}

/** Totals of a pool. */
export interface PoolResponse {
  /** In the epoch after it, as it stands now. */
  next: PoolAt;
  /** In the epoch asked for. */
  now: PoolAt;
  /** Its seat bond B, in base units; 0 while nobody has ever opted in. */
  seat_bond: Uint128;
  /** The version. */
  version: number;
}

/** A runner in a pool. */
export interface PoolRunner {
  /** Number of its attestation key. */
  key_no: number;
  /** The runner. */
  runner: number;
  /** Seats from the next epoch on. */
  seats_next: number;
  /** Seats in the current epoch. */
  seats_now: number;
  /** Its slot. */
  slot: number;
}

/** A page of a pool. */
export interface PoolRunnersResponse {
  /** `start_after` of the next page; absent on the last one. */
  next?: number | null;
  /** Occupied slots, ascending. */
  runners: PoolRunner[];
}

/** Share of the largest owners of a pool, in the current epoch. */
export interface PoolSecurityResponse {
  /** Whether all slots were looked at: only the first 1,000 are, and shares refer to all seats of the pool, so an incomplete answer is a lower bound. */
  complete: boolean;
  /** For the largest 1, 2 and 3 owners together; shorter where there are fewer. */
  largest: OwnerShare[];
  /** Owners that were found. */
  owners: number;
}

/** Queries. */
export type QueryMsg =
  /** The fixed configuration, the market and the current epoch. */
  | {
    config: Record<string, never>;
  }
  /** One runner. */
  | {
    runner: {
      /** The runner. */
      runner: number;
    };
  }
  /** Runners in ascending id, all or those of one service. */
  | {
    runners: {
      /** How many: default 10, at most 50. */
      limit?: number | null;
      /** Only runners of this service. */
      service?: number | null;
      /** Only ids above this one. */
      start_after?: number | null;
    };
  }
  /** Runners of one owner in ascending id. */
  | {
    runners_by_owner: {
      /** How many: default 10, at most 50. */
      limit?: number | null;
      /** The owner's address. */
      owner: string;
      /** Only ids above this one. */
      start_after?: number | null;
    };
  }
  /** Runners of one operator in ascending id. */
  | {
    runners_by_operator: {
      /** How many: default 10, at most 50. */
      limit?: number | null;
      /** The operator's address. */
      operator: string;
      /** Only ids above this one. */
      start_after?: number | null;
    };
  }
  /** Totals of the pool of one version, in an epoch and the one after it. */
  | {
    pool: {
      /** The epoch, not before the last one; the current epoch if absent. */
      epoch?: Uint64 | null;
      /** The version. */
      version: number;
    };
  }
  /** Runners that serve a version, by slot. A page holds the occupied ones of `limit` slots. */
  | {
    pool_runners: {
      /** How many slots: default 10, at most 50. */
      limit?: number | null;
      /** Only slots above this one. */
      start_after?: number | null;
      /** The version. */
      version: number;
    };
  }
  /** What share of a pool the largest owners hold and how likely one of them alone fills a committee (2.1). */
  | {
    pool_security: {
      /** Validators of round 1: 1 to 7. */
      k1: number;
      /** The version. */
      version: number;
    };
  }
  /** Draws candidates for committees: a pure function of seed, epoch and pool (1.4). */
  | {
    draw_many: {
      /** 1 to 8 draws; draws from one version in one epoch share what they read. */
      draws: Draw[];
    };
  };

/** One runner. */
export interface RunnerResponse {
  /** Value of its active shares, rounded down, in base units. */
  active: Uint128;
  /** Its active shares. */
  active_shares: Uint128;
  /** That key: compressed secp256k1, 33 bytes. */
  attestation_key: Binary;
  /** Everything was slashed while shares were left: it can never be bonded again. */
  dead: boolean;
  /** Where it is reached; empty for nowhere. */
  endpoint: string;
  /** Number of its current attestation key. */
  key_no: number;
  /** Hot key: sends the runner's transactions. */
  operator: Addr;
  /** Cold key: bonds, unbonds, withdraws. */
  owner: Addr;
  /** Its id. */
  runner: number;
  /** The service it is registered for. */
  service: number;
  /** Tokens behind all its shares, unbonding ones included, in base units. */
  tokens: Uint128;
  /** Its unbonding entries, oldest first; at most 7. */
  unbonding: UnbondingEntry[];
  /** The versions it serves; at most 2. */
  versions: ServedVersion[];
}

/** A page of runners. */
export interface RunnersResponse {
  /** The runners, in ascending id. */
  runners: RunnerResponse[];
}

/** A version that a runner serves. */
export interface ServedVersion {
  /** Seats from the next epoch on. */
  seats_next: number;
  /** Seats in the current epoch. */
  seats_now: number;
  /** The runner's slot in its pool. */
  slot: number;
  /** The version. */
  version: number;
}

/** One item of a `Slash`. */
export interface SlashItem {
  /** How much, in base units: above 0, at most the tokens it has after the items before. */
  amount: Uint128;
  /** The runner. */
  runner: number;
}

/** An integer of 128 bits in decimal. */
export type Uint128 = string;

/** An integer of 64 bits in decimal. */
export type Uint64 = string;

/** Stake on its way out. */
export interface UnbondingEntry {
  /** ... from this height on. */
  release_height: Uint64;
  /** Released from this time on, in unix seconds, and ... */
  release_time: Uint64;
  /** Shares of the runner's tokens. */
  shares: Uint128;
  /** What they are worth now, rounded down, in base units; less after a slash. */
  value: Uint128;
}

/** What each query answers. */
export interface QueryResponses {
  config: ConfigResponse;
  draw_many: DrawManyResponse;
  pool: PoolResponse;
  pool_runners: PoolRunnersResponse;
  pool_security: PoolSecurityResponse;
  runner: RunnerResponse;
  runners: RunnersResponse;
  runners_by_operator: RunnersResponse;
  runners_by_owner: RunnersResponse;
}
