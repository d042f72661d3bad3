// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.

/** An address. */
export type Addr = string;

/** Bytes in base64. */
export type Binary = string;

/** A share of 0 to 10,000 basis points. */
export type Bps = number;

/** A drawn runner. */
export interface Candidate {
  /** Number of the attestation key that it has now: the seat is to keep it. */
  key_no: number;
  /** Its place in the draw, from 0. Positions of those that are excluded now are left out; what happens to anybody never moves the others. */
  position: number;
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
  /** Length of an epoch of the block producers, in seconds. */
  producer_epoch_secs: number;
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
  /** How many candidates are wanted: above 0; `offset + count` at most 96. */
  count: number;
  /** Epoch that the execution is bound in: the current one or the one before. */
  epoch: Uint64;
  /** First position wanted, from 0. To go on with a draw: the position after that of the last candidate taken. */
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
  /** The first `count` candidates from position `offset` on that are neither jailed nor tombstoned now, in order; fewer where there are no more of them, none from an unknown version. */
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
  /** Names the market, the only slasher. From the instantiator, once; bonds are refused until then. Refused: what is no market, and one that works with another staking contract. */
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
  /** Takes exact amounts from runners, sends their sum to the market in one transfer, and excludes runners from seats. From the market only. Any mismatch of an amount is an error: the market has computed it from the runner's row. Draws skip an excluded runner at once; `Sync` or its own next change takes its seats from the next epoch on. */
  | {
    slash: {
      /** 1 to 50 items; a runner may occur more than once. */
      items: SlashItem[];
    };
  }
  /** Gives a runner its next attestation key, for the seats that it gets from now on; seats that it has keep theirs, and every key stays readable by its number. From the owner. At most 256 keys; not the present one again. */
  | {
    rotate_key: {
      /** Compressed secp256k1 public key, 33 bytes, a valid point. */
      attestation_key: Binary;
      /** The runner. */
      runner: number;
    };
  }
  /** Lets a runner out of jail once the jail's end has passed; its seats come back from the next epoch on. From owner or operator. Never after a tombstone. */
  | {
    unjail: {
      /** The runner. */
      runner: number;
    };
  }
  /** Brings a runner's seats in line with its stake and what excludes it, from the next epoch on. From anyone. */
  | {
    sync: {
      /** The runner. */
      runner: number;
    };
  }
  /** Pays the sender's shares of the block producers' pots in one transfer. From the account of a validator that was bonded when each of the epochs was closed: the account whose address has the same 20 bytes as the validator's operator address. All or nothing: refused if one of the epochs has no pot, is more than 60 epochs ago, gives the sender no share, or was claimed by it before. */
  | {
    claim_producer: {
      /** The epochs, 1 to 30. */
      epochs: Uint64[];
      /** Address that receives the tokens; the sender if absent. */
      to?: string | null;
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
  /** Length of an epoch of the block producers in seconds, 10 to 604,800: one day if absent. The share of the fees that is theirs is paid once an epoch. */
  producer_epoch_secs?: number;
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
  /** Jailed, tombstoned or without tokens: draws skip it. */
  excluded: boolean;
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
  /** Whether all runners with seats were looked at: at most 500 are, from the heaviest parts of the pool, and shares refer to all its seats, so an incomplete answer is a lower bound. */
  complete: boolean;
  /** For the largest 1, 2 and 3 owners together; shorter where there are fewer. */
  largest: OwnerShare[];
  /** Owners that were found. */
  owners: number;
}

/** What may be claimed of one pot. */
export interface ProducerClaim {
  /** How much, in base units. */
  amount: Uint128;
  /** The epoch. */
  epoch: Uint64;
  /** From this time on it cannot be claimed, in unix seconds. */
  until: Uint64;
}

/** What an account may claim as a block producer. */
export interface ProducerClaimsResponse {
  /** One for each epoch, ascending; at most 60. */
  claims: ProducerClaim[];
  /** Their sum, in base units. */
  total: Uint128;
}

/** One member of a pot. */
export interface ProducerMember {
  /** The validator's account. */
  account: Addr;
  /** Whether it has claimed. */
  claimed: boolean;
  /** Its number in the pot, from 0. */
  number: number;
}

/** A page of the members of a pot. */
export interface ProducerMembersResponse {
  /** They. */
  members: ProducerMember[];
}

/** The pot of one epoch. */
export interface ProducerPotResponse {
  /** How many have claimed. */
  claims: number;
  /** The epoch. */
  epoch: Uint64;
  /** What is left, in base units. */
  left: Uint128;
  /** How many share it. */
  members: number;
  /** What each member gets, in base units. */
  share: Uint128;
  /** From this time on it cannot be claimed, in unix seconds. */
  until: Uint64;
}

/** What is held for block producers, and the epochs. */
export interface ProducersResponse {
  /** Tokens that come into a later pot, in base units. */
  carried: Uint128;
  /** Epochs whose pots can be claimed now, ascending; at most 60. */
  claimable: Uint64[];
  /** The epoch of the block that answers. */
  epoch: Uint64;
  /** Length of their epochs, in seconds. */
  epoch_secs: number;
  /** The first epoch that is not closed: it can be from its end on. */
  next: Uint64;
  /** Tokens in pots, in base units. */
  pots: Uint128;
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
  /** Draws candidates for committees: a pure function of seed, epoch, pool and who is excluded (1.4). */
  | {
    draw_many: {
      /** 1 to 8 draws; draws from one version in one epoch share what they read. */
      draws: Draw[];
    };
  }
  /** What is held for block producers, and the epochs. */
  | {
    producers: Record<string, never>;
  }
  /** The pot of one epoch. Refused if it has none. */
  | {
    producer_pot: {
      /** The epoch: one of the last 60 closed ones. */
      epoch: Uint64;
    };
  }
  /** Who shares the pot of one epoch, in the order of the 20 bytes of their addresses. Refused if it has none. */
  | {
    producer_members: {
      /** The epoch. */
      epoch: Uint64;
      /** How many: default 10, at most 50. */
      limit?: number | null;
      /** Only members with a number above this one. */
      start_after?: number | null;
    };
  }
  /** What an account may claim as a block producer now. */
  | {
    producer_claims: {
      /** The account of a validator. */
      account: string;
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
  /** In jail until it asks to be let out, which it may from this time on, in unix seconds. */
  jailed_until?: Uint64 | null;
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
  /** Excluded for ever: it can only unbond and withdraw. */
  tombstoned: boolean;
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
  /** How much, in base units: at most the tokens it has after the items before; above 0 unless it is excluded. */
  amount: Uint128;
  /** Jails it until `Unjail`, which is not taken before this time, in unix seconds. Of several jails the one that ends last holds. */
  jail_until?: Uint64 | null;
  /** The runner. */
  runner: number;
  /** Excludes it for ever: it can only unbond and withdraw. Stands above any jail. */
  tombstone?: boolean;
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
  producer_claims: ProducerClaimsResponse;
  producer_members: ProducerMembersResponse;
  producer_pot: ProducerPotResponse;
  producers: ProducersResponse;
  runner: RunnerResponse;
  runners: RunnersResponse;
  runners_by_operator: RunnersResponse;
  runners_by_owner: RunnersResponse;
}
