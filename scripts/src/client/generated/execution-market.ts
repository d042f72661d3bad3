// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.

/** An address. */
export type Addr = string;

/** A block. */
export interface At {
  /** Height. */
  height: Uint64;
  /** Unix seconds. */
  time: Uint64;
}

/** A drand-compatible beacon: unchained, BLS12-381, signatures in G1. */
export interface BeaconMsg {
  /** Unix seconds of round 1. */
  genesis: Uint64;
  /** Seconds between rounds, 1 to 60. */
  period: Uint64;
  /** Public key: a compressed point of G2, 96 bytes. */
  public_key: Binary;
}

/** Bytes in base64. */
export type Binary = string;

/** A share of 0 to 10,000 basis points. */
export type Bps = number;

/** A certificate: one value, and the salt and signed seal of every seat of the present round. */
export interface CertifyItem {
  /** The execution. */
  execution: Uint64;
  /** The attested fuel in started millions. */
  mfuel: Uint64;
  /** The result. */
  result: ResultItem;
  /** For each seat in order: its salt (32 bytes) and its attestation key's signature of the seal (64 bytes r|s). */
  seats: Binary;
}

/** A challenge. */
export interface ChallengeView {
  /** The bond. */
  bond: Uint128;
  /** Who doubts the value. */
  challenger: Addr;
  /** Whether it was right, once that is decided. */
  right?: boolean | null;
}

/** A change that the owner proposes. It comes into force after a notice of 7 days, for what is requested or bound from then on; whatever is open keeps what it was made under. */
export type Change =
  /** Another row of parameters, within the coded bounds. */
  | {
    params: ParamsMsg;
  }
  /** Another beacon, whose first round is before the end of the notice. */
  | {
    beacon: BeaconMsg;
  };

/** What is changed. One proposal of each may be pending. */
export type ChangeKind =
  /** The row of parameters. */
  | "params"
  /** The beacon. */
  | "beacon";

/** A pending proposal, named by what it changes. */
export interface ChangeRef {
  /** What it changes. */
  change: ChangeKind;
}

/** Addresses, beacon, seal domain. */
export interface ConfigResponse {
  /** The beacon in force: new bindings are to its rounds. */
  beacon: BeaconMsg;
  /** Its number among the market's beacons, from 0. */
  beacon_no?: number;
  /** `domain32` of all digests and signatures (2.3). */
  domain: Digest32;
  /** Length of an epoch in seconds, as staking has it. */
  epoch_secs: number;
  /** Executions requested so far. */
  executions: Uint64;
  /** The present row of parameters. */
  params: number;
  /** The registry. */
  registry: Addr;
  /** Number of the last event. */
  seq: Uint64;
  /** The staking contract. */
  staking: Addr;
  /** The CW20 token. */
  token: Addr;
}

/** Cw20ReceiveMsg should be de/serialized under `Receive()` variant in a ExecuteMsg */
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}

/** A signed decline. */
export interface DeclineItem {
  /** 1 Unavailable, 2 Machine, 3 Stopping. */
  code: number;
  /** The execution. */
  execution: Uint64;
  /** Holder of the seat. */
  runner: number;
  /** Signature of the seat's attestation key: 64 bytes r|s, low s. */
  signature: Binary;
}

/** 32 bytes in 64 lower-case hexadecimal digits. */
export type Digest32 = string;

/** Kinds of duties. */
export type DutyName =
  /** Run the task and post the result. */
  | "result"
  /** Run the task, or the checker, and seal the value. */
  | "seal"
  /** Open the seal. */
  | "open"
  /** Publish the agreed value. */
  | "publish"
  /** Enforce the deadline once it has passed. */
  | "poke"
  /** End the execution once the challenge window is over. */
  | "settle";

/** One duty. */
export interface DutyView {
  /** Seal, Open, Publish: until here. Poke, Settle: from here on. */
  at: At;
  /** What. */
  duty: DutyName;
  /** The execution. */
  execution: Uint64;
}

/** Messages. Who may send which is [`ExecuteMsg::permission`]. In batch messages each item is taken or refused by itself: a refused one changes nothing and emits `item_refused`. */
export type ExecuteMsg =
  /** Hook of the token: carries a [`ReceiveMsg`]. From the token contract only. */
  | {
    receive: Cw20ReceiveMsg;
  }
  /** Requests 1 to 8 executions, paid from the sender's purse; all or none. From anyone. */
  | {
    request: {
      /** What is requested. */
      items: RequestItem[];
      /** Sub-account of the purse; 0 if absent. */
      sub?: number;
    };
  }
  /** Records the block in the ring that confirms bindings; tipped if it confirms one. From anyone. */
  | {
    tick: Record<string, never>;
  }
  /** Shows the signature of a round that an execution waits for, then seats up to 8 executions bound to it. From anyone. */
  | {
    submit_beacon: {
      /** Executions to seat, 1 to 8, of which at least one is bound to the round. */
      executions: Uint64[];
      /** The round. */
      round: Uint64;
      /** Its signature: a compressed point of G1, 48 bytes. */
      signature: Binary;
    };
  }
  /** Seats up to 8 queued executions whose rounds are known, or binds them again. From anyone. */
  | {
    seat: Executions;
  }
  /** Posts seals, signed by the seats' attestation keys. From anyone. */
  | {
    seal: {
      /** Seals, 1 to 32. */
      items: SealItem[];
    };
  }
  /** Posts openings, which prove themselves. From anyone. */
  | {
    open: {
      /** Openings, 1 to 32. */
      items: OpenItem[];
    };
  }
  /** Posts preimages of agreed values, which prove themselves. From anyone. */
  | {
    publish: {
      /** Preimages, 1 to 16. */
      items: PublishItem[];
    };
  }
  /** Posts certificates, which take the place of all seals, openings and the publication of a round, then ends and pays executions. From anyone. */
  | {
    certify: {
      /** Certificates, 1 to 8. */
      items: CertifyItem[];
      /** Executions to settle in the same message, 0 to 24. */
      settle?: Uint64[];
    };
  }
  /** Posts results of `Verify`'s executors and of own runners, signed by their attestation keys. From anyone. */
  | {
    post_result: {
      /** Results, 1 to 16. */
      items: PostResultItem[];
    };
  }
  /** Gives seats up, signed by their attestation keys, in the first third of the window of work. From anyone. */
  | {
    decline: {
      /** Declines, 1 to 4. */
      items: DeclineItem[];
    };
  }
  /** Shows two different acts that one seat signed: what is left of its seat bond is slashed, a fifth to the sender. From anyone. */
  | {
    report_equivocation: {
      /** The execution. */
      execution: Uint64;
      /** One act. */
      first: SignedAct;
      /** Holder of the seat. */
      runner: number;
      /** Another act. */
      second: SignedAct;
    };
  }
  /** Doubts a provisional value: the bond, see `Quote`, comes from purse 0 of the sender. From anyone. */
  | {
    challenge: {
      /** The execution. */
      execution: Uint64;
    };
  }
  /** Calls the requester of an ended execution, if that is a contract, with a [`RequesterMsg`]; its failure is told by an event and changes nothing. Once, unless it failed. From anyone. */
  | {
    deliver: {
      /** The execution. */
      execution: Uint64;
      /** The output's canonical JSON text, checked against its digest; absent where there is none. */
      output?: string | null;
    };
  }
  /** Takes requests again for a service that was paused because its executions could not be agreed on. From the service's owner. */
  | {
    resume_service: ServiceRef;
  }
  /** Enforces passed deadlines of 1 to 4 executions: slashes who is missing, refills, ends. From anyone. */
  | {
    poke: Executions;
  }
  /** Ends and pays executions whose challenge window is over. From anyone. */
  | {
    settle: Executions;
  }
  /** Deletes the details of executions that ended 30 days ago; record and digests stay. From anyone. */
  | {
    prune: Executions;
  }
  /** Pays out of the sender's purse by CW20 transfer. From anyone. */
  | {
    withdraw: {
      /** How much; all if absent. */
      amount?: Uint128 | null;
      /** Sub-account of the purse; 0 if absent. */
      sub?: number;
      /** Receiver; the sender if absent. */
      to?: string | null;
    };
  }
  /** Moves what runners and versions have earned into purse 0 of their owners. From anyone. */
  | {
    claim: {
      /** Runners, up to 32. */
      runners?: number[];
      /** Versions, up to 32. */
      versions?: number[];
    };
  }
  /** Starts the notice after which a service bond may be withdrawn; requests are refused from now on. From the service's owner. */
  | {
    unbond_service: ServiceRef;
  }
  /** Moves a service bond whose notice is over into purse 0 of the service's owner. From the service's owner. */
  | {
    withdraw_service_bond: ServiceRef;
  }
  /** Burns the tokens that rules have set aside for burning. From anyone. */
  | {
    burn: Record<string, never>;
  }
  /** Sends the block producers' pot to staking, which closes the last of their epochs that has ended and fixes who shares it. Once an epoch: staking refuses a second time. From anyone. */
  | {
    close_epoch: Record<string, never>;
  }
  /** Proposes a change, in the place of a pending one of the same kind. It may be applied after 7 days, for 14 days. From the owner. */
  | {
    propose: Change;
  }
  /** Takes a pending proposal back. From the owner. */
  | {
    revoke: ChangeRef;
  }
  /** Brings a proposal into force whose notice is over. From anyone. */
  | {
    apply: ChangeRef;
  }
  /** Names who may pause and unpause. From the owner. */
  | {
    set_pauser: {
      /** Its address; nobody if absent. */
      pauser?: string | null;
    };
  }
  /** Offers the owner's role, for 14 days, in the place of an earlier offer. From the owner. */
  | {
    offer_ownership: {
      /** Who may take it; nobody if absent. */
      to?: string | null;
    };
  }
  /** Takes the owner's role. From whom it is offered to. */
  | {
    accept_ownership: Record<string, never>;
  }
  /** Stops new requests, service bonds, registrations, versions, stakes and opt-ins, and nothing else. From the pauser. */
  | {
    pause: Record<string, never>;
  }
  /** Ends the pause. From the pauser. */
  | {
    unpause: Record<string, never>;
  };

/** One execution, whole. */
export interface ExecutionResponse {
  /** The beacon of `round`, see `ConfigResponse`. */
  beacon: number;
  /** The challenge, if there is one. */
  challenge?: ChallengeView | null;
  /** The round whose verdict stands; 0 before any. */
  decided: number;
  /** The round of the execution that the phase belongs to; 0 for the executor of `Verify` and where it has none. */
  escalation: number;
  /** E. */
  escrow: Uint128;
  /** Its id. */
  execution: Uint64;
  /** Entries into phases after the request. */
  history: HistoryItem[];
  /** The input. */
  input: InputView;
  /** The requester's own runner. */
  own_runner?: number | null;
  /** The drawn seats of each round so far. */
  panels: PanelView[];
  /** The parameters in force at the request. */
  params: number;
  /** `queued`, `working`, `opening`, `publishing`, `provisional`, `finalized`, `failed` or `refunded`. */
  phase: string;
  /** Penalty pot W. */
  pot: Uint128;
  /** Reason of a refund or name of the error. */
  reason?: string | null;
  /** When it was requested. */
  requested: At;
  /** Whose purse paid. */
  requester: Addr;
  /** What the executor of `Verify` or the own runner posted. */
  result?: ValueView | null;
  /** The beacon round that draws or drew the committee. */
  round: Uint64;
  /** The service. */
  service: number;
  /** Its sub-account. */
  sub: number;
  /** The terms. */
  terms: number;
  /** Tips paid from κ. */
  tips_paid: Uint128;
  /** The result of an own run: nobody attested it. */
  unattested: boolean;
  /** From then on the phase's deadline may be enforced; nothing after the end. */
  until?: At | null;
  /** Validators of round 1. */
  validators: number;
  /** The published value. */
  value?: ValueView | null;
  /** Whether a checker judges the executor's result. */
  verify: boolean;
  /** The version. */
  version: number;
}

/** An execution in a list. */
export interface ExecutionSummary {
  /** E. */
  escrow: Uint128;
  /** Its id. */
  execution: Uint64;
  /** Its phase. */
  phase: string;
  /** When it was requested. */
  requested: At;
  /** The service. */
  service: number;
  /** The terms. */
  terms: number;
}

/** Executions to work on: 1 to 8 for `Seat`, to 4 for `Poke`, to 24 for `Settle`, to 32 for `Prune`. One body for four messages keeps the wasm small. */
export interface Executions {
  /** Their ids. */
  executions: Uint64[];
}

/** A page of executions. */
export interface ExecutionsResponse {
  /** The executions. */
  executions: ExecutionSummary[];
}

/** Roles, switch and what is pending. */
export interface GovernanceResponse {
  /** To whom the owner has offered its role. */
  offer?: OwnershipOffer | null;
  /** Who may propose changes and name the pauser; nobody if absent. */
  owner?: Addr | null;
  /** Since when the system is paused, unix seconds; absent while it is not. */
  paused?: Uint64 | null;
  /** Who may pause and unpause; nobody if absent. */
  pauser?: Addr | null;
  /** Pending proposals. */
  proposals: Proposal[];
}

/** Entry into a phase. */
export interface HistoryItem {
  /** When. */
  at: At;
  /** Round of the execution; 0 where the phase has none. */
  escalation: number;
  /** The phase. */
  phase: string;
}

/** An input: a JSON object in canonical form (RFC 8785 without floats), public to everyone. */
export type Input =
  /** On chain, at most 4 KiB, checked against the task's types. */
  | {
    inline: {
      /** The canonical JSON text. */
      json: string;
    };
  }
  /** Elsewhere; checked by the committee. */
  | {
    digest: {
      /** Its length in bytes. */
      len: number;
      /** Where it is, 1 to 256 bytes. */
      locator: string;
      /** SHA-256 of the canonical JSON text. */
      sha256: Digest32;
    };
  };

/** An input. */
export interface InputView {
  /** The text, if inline and not ended yet. */
  json?: string | null;
  /** Its length. */
  len: number;
  /** Where it is, if not inline and not ended yet. */
  locator?: string | null;
  /** SHA-256 of the canonical JSON text. */
  sha256: Digest32;
}

/** Instantiates the market. The token is the one that registry and staking both name. */
export interface InstantiateMsg {
  /** The randomness beacon. */
  beacon: BeaconMsg;
  /** Who may propose changes and name the pauser; nobody, for ever, if absent. */
  owner?: string | null;
  /** The first row of parameters. */
  params: ParamsMsg;
  /** Who may pause requests, registrations and bonds; nobody, unless the owner names somebody, if absent. */
  pauser?: string | null;
  /** Address of the registry; fixed for ever. */
  registry: string;
  /** Address of the staking contract; fixed for ever. */
  staking: string;
}

/** Every bucket of the ledger. */
export interface LedgerResponse {
  /** Service bonds. */
  bonds: Uint128;
  /** To be burned. */
  burn: Uint128;
  /** Bonds of challenges. */
  challenges: Uint128;
  /** Earned by developers, not yet claimed. */
  developers: Uint128;
  /** Escrow of open executions, less tips paid. */
  escrow: Uint128;
  /** Penalty pots of open executions. */
  pots: Uint128;
  /** Block producers' pot. */
  producers: Uint128;
  /** Purses. */
  purses: Uint128;
  /** Earned by runners, not yet claimed. */
  runners: Uint128;
}

/** Migrates to a newer version of the same contract. */
export interface MigrateMsg {
  /** New owner. A market of version 0.1.0 has none, and none after the migration if absent. */
  owner?: string | null;
  /** New pauser, as with the owner. */
  pauser?: string | null;
}

/** The opening of one seat's seal. */
export interface OpenItem {
  /** The execution. */
  execution: Uint64;
  /** Holder of the seat. */
  runner: number;
  /** Salt of the seal. */
  salt: Digest32;
  /** Round value h. */
  value: Digest32;
}

/** An offer of the owner's role. */
export interface OwnershipOffer {
  /** Who may take it. */
  to: Addr;
  /** Until when, unix seconds. */
  until: Uint64;
}

/** The drawn seats of one round. */
export interface PanelView {
  /** Number of the beacon of `round`. */
  beacon: number;
  /** Runners that declined. */
  declined: number[];
  /** 0 for the executor of `Verify`, 1 to 3 for committees. */
  escalation: number;
  /** The beacon round that drew it. */
  round: Uint64;
  /** The seats in draw order. */
  seats: SeatView[];
  /** Seed of the draw: signs seals; the first one goes into `ctx.seed`. */
  seed?: Digest32 | null;
  /** Runners that may take vacant seats. */
  spares: number[];
}

/** One row of market parameters; times in seconds, bounds in docs/mechanism.md (6). */
export interface ParamsMsg {
  /** BLOCK_MAX_AVG, 1 to 60. */
  block_max_avg: number;
  /** Burned share of a + k1·b. */
  burn_bps: Bps;
  /** Least `per_call` taken. */
  gas_floor: Uint128;
  /** Share of a pool's seats that may be reserved or open, 3,000 to 7,000. */
  gate_bps: Bps;
  /** MARGIN, 9 to 120. */
  margin: number;
  /** Share of a penalty pot that is always burned, at least 1,000. */
  pot_burn_bps: Bps;
  /** Block producers' share of a + k1·b; with `burn_bps` 100 to 1,500. */
  producers_bps: Bps;
  /** T_open, 12 · block_max_avg to 3,600. */
  t_open: number;
  /** T_publish, 12 · block_max_avg to 3,600. */
  t_publish: number;
  /** T_QUEUE, margin + 9 to epoch − margin. */
  t_queue: number;
  /** Tips from κ. */
  tips: TipsMsg;
  /** WORK_SLACK, 5 to 300. */
  work_slack: number;
}

/** A row of parameters. */
export interface ParamsResponse {
  /** Its number. */
  id: number;
  /** The row. */
  params: ParamsMsg;
}

/** The signed result of one executor. */
export interface PostResultItem {
  /** The execution. */
  execution: Uint64;
  /** Fuel used in started millions; 0 under `Verify`. */
  mfuel: Uint64;
  /** The output. */
  result: ResultItem;
  /** The executor, or the own runner. */
  runner: number;
  /** Signature of the attestation key over the round value of round 0 in place of a seal: 64 bytes r|s, low s. */
  signature: Binary;
}

/** A pending proposal. */
export interface Proposal {
  /** What would change. */
  change: Change;
  /** From when on anyone may apply it, unix seconds. */
  eta: Uint64;
  /** From which height on anyone may apply it: both must be reached. */
  height: Uint64;
  /** From when on it has lapsed, unix seconds. */
  until: Uint64;
}

/** The preimage of an agreed value. */
export interface PublishItem {
  /** The execution. */
  execution: Uint64;
  /** The attested fuel in started millions. */
  mfuel: Uint64;
  /** The result. */
  result: ResultItem;
}

/** A purse. */
export interface PurseResponse {
  /** What may be spent or withdrawn. */
  balance: Uint128;
  /** Its open executions. */
  open: number;
}

/** Queries. */
export type QueryMsg =
  /** Addresses, beacon, seal domain. */
  | {
    config: Record<string, never>;
  }
  /** A row of parameters. */
  | {
    params: {
      /** Which; the present one if absent. */
      params?: number | null;
    };
  }
  /** What an execution would cost now, part by part, and why it would be refused. */
  | {
    quote: {
      /** Length of the input in bytes; the task's maximum if absent. */
      input_len?: number | null;
      /** The task. */
      terms: number;
      /** Validators of round 1; the task's own number if absent. */
      validators?: number | null;
    };
  }
  /** One execution, whole. */
  | {
    execution: {
      /** Its id. */
      execution: Uint64;
    };
  }
  /** Executions of one account's purses in ascending id. */
  | {
    executions_by_requester: {
      /** Default 10, at most 50. */
      limit?: number | null;
      /** The account. */
      requester: string;
      /** Only ids above this one. */
      start_after?: Uint64 | null;
    };
  }
  /** Executions of one service in ascending id. */
  | {
    executions_by_service: {
      /** Default 10, at most 50. */
      limit?: number | null;
      /** The service. */
      service: number;
      /** Only ids above this one. */
      start_after?: Uint64 | null;
    };
  }
  /** Open executions in which a runner has a seat, in ascending id. */
  | {
    open_by_runner: RunnerPage;
  }
  /** What a runner must do now in each of its seats, in ascending id of execution. */
  | {
    what_i_owe: RunnerPage;
  }
  /** Queued executions by round: what relay and tick have to do. */
  | {
    waiting: {
      /** Default 10, at most 50. */
      limit?: number | null;
      /** Only after this round and execution. */
      start_after?: WaitingKey | null;
    };
  }
  /** A purse. */
  | {
    purse: {
      /** Whose. */
      account: string;
      /** Sub-account; 0 if absent. */
      sub?: number;
    };
  }
  /** What the market knows of a runner. */
  | {
    runner_account: {
      /** The runner. */
      runner: number;
    };
  }
  /** Seats and statistics of a version. */
  | {
    version: {
      /** The version. */
      version: number;
    };
  }
  /** A service bond. */
  | {
    service_bond: {
      /** The service. */
      service: number;
    };
  }
  /** The ledger: every bucket. Their sum never exceeds the market's token balance. */
  | {
    ledger: Record<string, never>;
  }
  /** The randomness of a round, if it was submitted. */
  | {
    rand: {
      /** Number of the round's beacon; the first if absent. */
      beacon?: number;
      /** The round. */
      round: Uint64;
    };
  }
  /** Owner, pauser, pause and pending proposals. */
  | {
    governance: Record<string, never>;
  };

/** What an execution would cost now. */
export interface QuoteResponse {
  /** Burned at most. */
  burn: Uint128;
  /** What a challenge would cost; nothing where there is no round 3. */
  challenge_bond?: Uint128 | null;
  /** d: the developer's share at most. */
  developer: Uint128;
  /** E: what is set aside; what is not used returns. */
  escrow: Uint128;
  /** a: the executor's fee at most. */
  executor: Uint128;
  /** To the block producers at most. */
  producers: Uint128;
  /** Why a request would be refused now; empty if it would be taken. */
  refusals: string[];
  /** κ: tips at most. */
  tips: Uint128;
  /** b: each validator's fee at most. */
  validator: Uint128;
  /** k1. */
  validators: number;
}

/** The randomness of a round. */
export interface RandResponse {
  /** SHA-256 of its signature. */
  rand?: Digest32 | null;
}

/** One requested execution. */
export interface RequestItem {
  /** The input. */
  input: Input;
  /** Refused if the escrow were more. */
  max_fee: Uint128;
  /** A runner of the purse's account that executes directly; if it is late, the network does. */
  own_runner?: number | null;
  /** The task, as a row of terms. */
  terms: number;
  /** Validators of round 1, up to the task's maximum; the task's own number if absent. */
  validators?: number | null;
}

/** A result. */
export type ResultItem =
  /** An output of at most 4 KiB. */
  | {
    inline: {
      /** The canonical JSON text. */
      json: string;
    };
  }
  /** A larger output, served by the seats until the challenge window closes. */
  | {
    digest: {
      /** Its length in bytes. */
      len: number;
      /** Where it is, 1 to 256 bytes. */
      locator: string;
      /** SHA-256 of the canonical JSON text. */
      sha256: Digest32;
    };
  }
  /** An error value. */
  | {
    error: {
      /** 1 BadInput, 2 OutOfFuel, 3 TaskError, 4 Trap, 5 MemoryLimit, 6 OutputTooLarge. */
      code: number;
    };
  }
  /** The checker of a `Verify` task accepts the result. */
  | {
    valid: {
      /** Length of the witness. */
      len: number;
      /** SHA-256 of its witness. */
      witness: Digest32;
    };
  }
  /** The checker of a `Verify` task refuses the result. */
  | {
    invalid: Record<string, never>;
  };

/** What the market knows of a runner. */
export interface RunnerAccountResponse {
  /** Seats completed. */
  completed: number;
  /** Earned and not yet claimed. */
  earned: Uint128;
  /** End of its last jail, unix seconds. */
  jailed_until?: Uint64 | null;
  /** Seats missed. */
  missed: number;
  /** Seats in open executions. */
  open: number;
  /** Points of its score in thousandths; it is jailed at 10,000. */
  points: number;
  /** Excluded for ever. */
  tombstoned: boolean;
}

/** A page of what belongs to a runner. */
export interface RunnerPage {
  /** Default 10, at most 50. */
  limit?: number | null;
  /** The runner. */
  runner: number;
  /** Only executions above this one. */
  start_after?: Uint64 | null;
}

/** A signed seal of one seat. */
export interface SealItem {
  /** The execution. */
  execution: Uint64;
  /** Holder of the seat. */
  runner: number;
  /** C. */
  seal: Digest32;
  /** Signature of the seat's attestation key: 64 bytes r|s, low s. */
  signature: Binary;
}

/** A seat. */
export interface SeatView {
  /** It signed two different acts. */
  equivocated: boolean;
  /** The attestation key that signs for it. */
  key_no: number;
  /** It let its publishing slot pass. */
  passed_slot: boolean;
  /** `seated`, `sealed`, `opened`, `missed`, `declined` or `unopened`. */
  progress: string;
  /** Who holds it. */
  runner: number;
  /** C, once sealed and before it is opened. */
  seal?: Digest32 | null;
  /** h, once opened. */
  value?: Digest32 | null;
}

/** A service bond. */
export interface ServiceBondResponse {
  /** The bond. */
  bond: Uint128;
  /** Its executions could not be agreed on: no requests until the owner resumes it. */
  paused: boolean;
  /** Under notice: withdrawable from then on. */
  release?: At | null;
}

/** A service to work on. */
export interface ServiceRef {
  /** Its id. */
  service: number;
}

/** What a seat signed. */
export type SignedAct =
  /** A seal; in round 0 the round value. */
  | {
    seal: {
      /** C. */
      seal: Digest32;
      /** 64 bytes r|s, low s. */
      signature: Binary;
    };
  }
  /** A decline. */
  | {
    decline: {
      /** Its code. */
      code: number;
      /** 64 bytes r|s, low s. */
      signature: Binary;
    };
  };

/** Tips in base units. */
export interface TipsMsg {
  /** For the beacon that seats an execution. */
  beacon: Uint128;
  /** For a certificate of all its seats. */
  certify: Uint128;
  /** For seating it. */
  seat: Uint128;
  /** For ending it. */
  settle: Uint128;
  /** For the tick that confirms a binding. */
  tick: Uint128;
}

/** An integer of 128 bits in decimal. */
export type Uint128 = string;

/** An integer of 64 bits in decimal. */
export type Uint64 = string;

/** A published value. */
export interface ValueView {
  /** Error code, 0 for Ok. */
  code: number;
  /** 0 Ok, 1 Err. */
  kind: number;
  /** Attested fuel in started millions. */
  mfuel: Uint64;
  /** SHA-256 of the output. */
  output: Digest32;
  /** Its length. */
  output_len: Uint64;
}

/** Seats and statistics of a version. */
export interface VersionResponse {
  /** Developer's earnings not yet claimed. */
  earned: Uint128;
  /** Executions that went to a larger committee. */
  escalated: number;
  /** Executions that ended with an agreed error. */
  failed: number;
  /** Executions that ended with a result. */
  finalized: number;
  /** Seats missed. */
  missed: number;
  /** Executions that were refunded. */
  refunded: number;
  /** Seats reserved or open. */
  taken: number;
}

/** A queued execution. */
export interface WaitingItem {
  /** Number of the round's beacon. */
  beacon: number;
  /** The block of the binding. */
  bound: At;
  /** A later block has confirmed the binding. */
  confirmed: boolean;
  /** The execution. */
  execution: Uint64;
  /** The round's signature is known. */
  has_rand: boolean;
  /** The round it is bound to. */
  round: Uint64;
  /** When the round is published, unix seconds. */
  round_time: Uint64;
  /** From then on the queue's deadline may be enforced. */
  until: At;
}

/** Place in the list of waiting executions. */
export interface WaitingKey {
  /** The round's beacon. */
  beacon?: number;
  /** The execution. */
  execution: Uint64;
  /** The round. */
  round: Uint64;
}

/** A page of waiting executions, by beacon, round and id. */
export interface WaitingResponse {
  /** The executions. */
  waiting: WaitingItem[];
}

/** What a runner must do. */
export interface WhatIOweResponse {
  /** By execution. */
  duties: DutyView[];
  /** Last execution looked at: `start_after` of the next page; nothing if this is the last one. */
  next?: Uint64 | null;
}

/** What each query answers. */
export interface QueryResponses {
  config: ConfigResponse;
  execution: ExecutionResponse;
  executions_by_requester: ExecutionsResponse;
  executions_by_service: ExecutionsResponse;
  governance: GovernanceResponse;
  ledger: LedgerResponse;
  open_by_runner: ExecutionsResponse;
  params: ParamsResponse;
  purse: PurseResponse;
  quote: QuoteResponse;
  rand: RandResponse;
  runner_account: RunnerAccountResponse;
  service_bond: ServiceBondResponse;
  version: VersionResponse;
  waiting: WaitingResponse;
  what_i_owe: WhatIOweResponse;
}
