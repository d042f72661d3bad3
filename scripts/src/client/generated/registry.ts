// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.

/** An address. */
export type Addr = string;

/** An announced price of one task. */
export interface AnnouncedPrice {
  /** When they replace the present ones: once both are reached. */
  from: At;
  /** Their prices. */
  price: Prices;
  /** Position of the task in the version, from 0. */
  task: number;
  /** The terms that come into force. */
  terms: number;
}

/** A block. */
export interface At {
  /** Height. */
  height: Uint64;
  /** Unix seconds. */
  time: Uint64;
}

/** Bytes in base64. */
export type Binary = string;

/** A share of 0 to 10,000 basis points. */
export type Bps = number;

/** Sizes of the committees of the rounds (2.1, 6). */
export interface Committee {
  /** Validators of round 1, beside the executor: 1 to 7. */
  k1: number;
  /** Seats of round 2: k1 + 2 to 15. */
  k2: number;
  /** Seats of round 3, if there is one: 2·k2 to 4·k2, at most 31. */
  k3?: number | null;
}

/** A WebAssembly component by content. */
export interface Component {
  /** SHA-256 of its bytes. */
  sha256: Digest32;
  /** Its length in bytes, 1 to 64 MiB. */
  size: number;
  /** Where its bytes are found: 1 to 8 locators of at most 256 bytes, `http://`, `https://`, `ipfs://` or `file://`. */
  sources: string[];
}

/** Answer of `Config`. */
export interface ConfigResponse {
  /** The market whose pause stops registrations and versions, once set. */
  market?: Addr | null;
  /** The owner. */
  owner: Addr;
  /** Fee of one registration in base units, burned. */
  registration_fee: Uint128;
  /** Services registered so far: the highest number. */
  services: number;
  /** Rows of terms so far: the highest number. */
  terms: number;
  /** The CW20 token of the fee. */
  token: Addr;
  /** Versions published so far: the highest number. */
  versions: number;
}

/** Cw20ReceiveMsg should be de/serialized under `Receive()` variant in a ExecuteMsg */
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}

/** 32 bytes in 64 lower-case hexadecimal digits. */
export type Digest32 = string;

/** An event that emitters of a service may report (5). */
export interface EventDefinition {
  /** What comes with it. */
  data: Record<string, Param>;
  /** Its name: `[a-z][a-z0-9_-]*`, at most 63 bytes, unique in the version. */
  name: string;
}

/** Messages that change the registry. */
export type ExecuteMsg =
  /** CW20 `Send` from the token; `msg` is a [`ReceiveMsg`]. Sender: the token. */
  | {
    receive: Cw20ReceiveMsg;
  }
  /** Publishes an immutable version, which becomes the service's latest. Sender: the service's owner. Refused: a retired service, a manifest outside its bounds, a manifest that the service has published before. */
  | {
    publish_version: {
      /** What the version is; at most 16 KiB as canonical JSON. */
      manifest: Manifest;
      /** The service. */
      service: number;
    };
  }
  /** Pauses, activates or retires a service. Sender: the service's owner. Refused: any change of a retired service, the status that the service has already. */
  | {
    set_status: {
      /** The service. */
      service: number;
      /** Its new status; `retired` is final. */
      status: Status;
    };
  }
  /** Replaces the tags of a service. Sender: the service's owner. Refused: a retired service, tags outside their bounds. */
  | {
    set_tags: {
      /** The service. */
      service: number;
      /** Its tags: at most 8 different lower-case DNS labels of at most 32 bytes. */
      tags: string[];
    };
  }
  /** Offers a service to another owner, for 7 days. Sender: the service's owner, who stays it until the other accepts. An earlier offer is replaced. Refused: the present owner. */
  | {
    propose_owner: {
      /** Address of the new owner. */
      owner: string;
      /** The service. */
      service: number;
    };
  }
  /** Takes the offer of a service back. Sender: the service's owner. Refused: no offer. */
  | {
    withdraw_owner: {
      /** The service. */
      service: number;
    };
  }
  /** Takes a service over, with its service bond and the developer's share that nobody has claimed yet. Sender: the one to whom it is offered. Refused: no offer, an offer that is older than 7 days. */
  | {
    accept_owner: {
      /** The service. */
      service: number;
    };
  }
  /** Announces another price of one task, in force 24 h later, up and down alike (4). Sender: the service's owner. Refused: a retired service, the present price, a price that the version's seat bond does not cover, while another change of the task is announced. */
  | {
    announce_price: {
      /** Its new prices. */
      price: Prices;
      /** Position of the task in the version, from 0. */
      task: number;
      /** The version. */
      version: number;
    };
  }
  /** Takes an announced price back before it is in force. Sender: the service's owner. Refused: nothing is announced, or it is in force. */
  | {
    withdraw_price: {
      /** Position of the task in the version, from 0. */
      task: number;
      /** The version. */
      version: number;
    };
  }
  /** Warns of a version, which goes on to take requests, or takes the warning back. Sender: the service's owner. Refused: taking back what is not there. */
  | {
    deprecate: {
      /** What every front end shows, 1 to 256 bytes without control characters; null takes the warning back. */
      message?: string | null;
      /** The version. */
      version: number;
    };
  }
  /** Ends or takes up new requests and new runners of a version; open executions end as they would. Sender: the service's owner. Refused: what the version is already. */
  | {
    set_yanked: {
      /** The version. */
      version: number;
      /** Whether it is yanked. */
      yanked: boolean;
    };
  }
  /** Names the market whose pause stops registrations and versions, once. Sender: the owner. Refused: what is no market, and one that works with another registry. */
  | {
    set_market: {
      /** Address of the execution-market contract. */
      market: string;
    };
  };

/** Creates the registry. */
export interface InstantiateMsg {
  /** Address of the owner, who names the market, once, and has no other right. */
  owner: string;
  /** Fee of one registration in base units of the token, burned (4). */
  registration_fee: Uint128;
  /** Address of the CW20 token in which the fee is paid. */
  token: string;
}

/** An immutable version of a service, identified by the SHA-256 of its canonical JSON; at most 16 KiB of it. */
export interface Manifest {
  /** The WebAssembly component that runs every task. */
  component: Component;
  /** Events that its emitters may report: 0 to 16, with different names. */
  events: EventDefinition[];
  /** Validators of round 1 that a requester may ask and pay for, from the policy's k1 to 7; k1 if absent. */
  max_validators?: number | null;
  /** Release notes for people, 1 to 1,024 bytes. */
  notes?: string | null;
  /** How results are agreed on. */
  policy: Policy;
  /** The engine profile that it is run with, one of [`super::PROFILES`]. */
  profile: string;
  /** Seat bond B in base units, fixed for the version: at least what one seat of its dearest task can be slashed (3). */
  seat_bond: Uint128;
  /** Its tasks: 1 to 16, with different names. */
  tasks: Task[];
}

/** Moves the registry to a newer version of its code. */
export type MigrateMsg = Record<string, never>;

/** One parameter. */
export interface Param {
  /** For people: at most 256 bytes. */
  description?: string | null;
  /** Members of an `Object`. */
  object?: Record<string, Param>;
  /** Whether it may be left out. */
  optional?: boolean;
  /** Whether it is an array, possibly empty, of such values. */
  repeated?: boolean;
  /** What it holds, or what each of its values holds if it is repeated. */
  type: ParamType;
}

/** What a parameter holds. */
export type ParamType =
  /** Any text. */
  | "String"
  /** An integer within ±(2^53 − 1), or a decimal string: [`is_decimal`]. */
  | "Number"
  /** `true` or `false`. */
  | "Boolean"
  /** An object with the members that `object` declares; any object where that declares none. */
  | "Object"
  /** Any value, also `null`. */
  | "Any";

/** How results are agreed on (2.2). */
export type Policy =
  /** Deterministic tasks: every seat runs the task blind and results must be equal. */
  | {
    replicate: Committee;
  }
  /** Other tasks: an executor posts its result, and a committee drawn afterwards runs the component's checker on it. */
  | {
    verify: Committee;
  };

/** Answer of `PredictVersion`. */
export interface PredictedVersion {
  /** Bytes of the canonical JSON. */
  bytes: number;
  /** SHA-256 of the manifest's canonical JSON; null if it has none. */
  digest?: Digest32 | null;
  /** The version that has this manifest already, if one does. */
  published?: number | null;
  /** Why `PublishVersion` would be refused now; empty if it would not be. */
  refusals: string[];
  /** Seat bond B that the manifest declares. */
  seat_bond: Uint128;
  /** Least seat bond for its dearest task; null if the fees do not fit 128 bits. */
  seat_bond_needed?: Uint128 | null;
  /** Least service bond for requests of its dearest task; null if it does not fit 128 bits. */
  service_bond_needed?: Uint128 | null;
  /** The terms its tasks would have; empty if it is refused. */
  terms: number[];
  /** The number it would have if it were published next; null if it is refused. */
  version?: number | null;
}

/** Metered prices in base units (2.5). */
export interface Prices {
  /** For each call, at least 1. */
  per_call: Uint128;
  /** For each started 1,000 bytes of input and output together. */
  per_kb: Uint128;
  /** For each started million of fuel. */
  per_mfuel: Uint128;
}

/** The offer of a service to another owner. */
export interface ProposedOwner {
  /** Who may accept. */
  owner: Addr;
  /** When the offer ends: once both are reached. */
  until: At;
}

/** Questions to the registry. Lists have 10 entries unless `limit` says otherwise, and at most 50. */
export type QueryMsg =
  /** The configuration and how much is registered. */
  | {
    config: Record<string, never>;
  }
  /** One service by number. */
  | {
    service: {
      /** The service. */
      service: number;
    };
  }
  /** One service by name. */
  | {
    service_by_sid: {
      /** Its name. */
      sid: string;
    };
  }
  /** All services by ascending number. */
  | {
    services: {
      /** Entries wanted, at most 50. */
      limit?: number | null;
      /** Lists the services after this one. */
      start_after?: number | null;
    };
  }
  /** The services of one owner by ascending number. */
  | {
    services_by_owner: {
      /** Entries wanted, at most 50. */
      limit?: number | null;
      /** Address of the owner. */
      owner: string;
      /** Lists the services after this one. */
      start_after?: number | null;
    };
  }
  /** The services with a tag by ascending number. */
  | {
    services_by_tag: {
      /** Entries wanted, at most 50. */
      limit?: number | null;
      /** Lists the services after this one. */
      start_after?: number | null;
      /** The tag. */
      tag: string;
    };
  }
  /** One version with its manifest. */
  | {
    version: {
      /** The version. */
      version: number;
    };
  }
  /** The versions of one service by ascending number, without their manifests. */
  | {
    versions: {
      /** Entries wanted, at most 50. */
      limit?: number | null;
      /** The service. */
      service: number;
      /** Lists the versions after this one. */
      start_after?: number | null;
    };
  }
  /** One row of terms. */
  | {
    terms: {
      /** The row. */
      terms: number;
    };
  }
  /** What `PublishVersion` would do with a manifest now: its digest, its numbers, the bonds it needs, every refusal. */
  | {
    predict_version: {
      /** What would be published. */
      manifest: Manifest;
      /** The service; null for one that is not registered yet. */
      service?: number | null;
    };
  };

/** Answer of `Service` and `ServiceBySid`. */
export interface ServiceResponse {
  /** What it does. */
  description?: string | null;
  /** Its latest version; null before the first. */
  latest?: number | null;
  /** Name for people. */
  name?: string | null;
  /** Its owner. */
  owner: Addr;
  /** To whom it is offered, if it is. */
  proposed_owner?: ProposedOwner | null;
  /** Its number. */
  service: number;
  /** Its unique name. */
  sid: string;
  /** Whether it takes requests. */
  status: Status;
  /** Its tags. */
  tags: string[];
  /** Its home page. */
  url?: string | null;
}

/** Answer of `Services`, `ServicesByOwner` and `ServicesByTag`. */
export interface ServicesResponse {
  /** Services by ascending number. */
  services: ServiceResponse[];
}

/** Whether a service takes requests. In JSON, events and errors: `active`, `paused`, `retired`. */
export type Status =
  /** Requests are taken. */
  | "active"
  /** No new requests; its owner may activate it again and may publish versions. */
  | "paused"
  /** No new requests and no new versions, for ever. */
  | "retired";

/** One task of a version. The export of the component is the same for all tasks; the name tells them apart. */
export interface Task {
  /** What it does, for people: at most 256 bytes, may be empty. */
  description: string;
  /** The developer's share in basis points of a + k1·b, 0 to 3,000. */
  developer_bps: Bps;
  /** What it takes. */
  inputs: Record<string, Param>;
  /** Most fuel of one run, 1 to t_run · 2·10^8. */
  max_fuel: Uint64;
  /** Largest input in bytes, 2 to 64 MiB. */
  max_input: number;
  /** Largest output in bytes, 2 to 64 MiB. */
  max_output: number;
  /** Its name: `[a-z][a-z0-9_-]*`, at most 63 bytes, unique in the version. */
  name: string;
  /** What it gives. */
  outputs: Record<string, Param>;
  /** Prices of the executor. */
  price: Prices;
  /** Challenge window in seconds, 0 to 86,400. */
  t_challenge: number;
  /** Longest run in seconds, 1 to 21,600. */
  t_run: number;
  /** Fee of a validator in basis points of the executor's, 1,000 to 10,000. */
  validator_bps: Bps;
}

/** Answer of `Terms`: a row of [`mesg_protocol::terms::Terms`] in JSON. */
export interface TermsResponse {
  /** The developer's share of a + k1·b. */
  developer_bps: Bps;
  /** When these terms come into force, if they are announced. */
  from?: At | null;
  /** Terms in force of the task; requests must name these. */
  in_force: number;
  /** Most fuel of one run. */
  max_fuel: Uint64;
  /** Largest input in bytes. */
  max_input: number;
  /** Largest output in bytes. */
  max_output: number;
  /** Validators of round 1 that a requester may ask for. */
  max_validators: number;
  /** How results are agreed on. */
  policy: Policy;
  /** Prices of the executor. */
  price: Prices;
  /** Seat bond B in base units. */
  seat_bond: Uint128;
  /** The service. */
  service: number;
  /** Challenge window in seconds. */
  t_challenge: number;
  /** Longest run in seconds. */
  t_run: number;
  /** Position of the task in the version, from 0. */
  task: number;
  /** Its number. */
  terms: number;
  /** Fee of a validator as a share of the executor's. */
  validator_bps: Bps;
  /** Its version. */
  version: number;
}

/** An integer of 128 bits in decimal. */
export type Uint128 = string;

/** An integer of 64 bits in decimal. */
export type Uint64 = string;

/** Answer of `Version`. */
export interface VersionResponse {
  /** Prices that are announced. */
  announced: AnnouncedPrice[];
  /** The owner's warning, which every front end shows. */
  deprecated?: string | null;
  /** SHA-256 of the manifest's canonical JSON. */
  digest: Digest32;
  /** What was published; prices may have changed since. */
  manifest: Manifest;
  /** Prices in force of each task, in the manifest's order. */
  prices: Prices[];
  /** The service. */
  service: number;
  /** Terms in force of each task, in the manifest's order. */
  terms: number[];
  /** Its number. */
  version: number;
  /** Whether it takes no new requests and runners. */
  yanked: boolean;
}

/** One entry of `Versions`. */
export interface VersionSummary {
  /** The owner's warning, which every front end shows. */
  deprecated?: string | null;
  /** SHA-256 of the manifest's canonical JSON. */
  digest: Digest32;
  /** Seat bond B in base units. */
  seat_bond: Uint128;
  /** Terms in force of each task, in the manifest's order. */
  terms: number[];
  /** Its number. */
  version: number;
  /** Whether it takes no new requests and runners. */
  yanked: boolean;
}

/** Answer of `Versions`. */
export interface VersionsResponse {
  /** Versions by ascending number. */
  versions: VersionSummary[];
}

/** What each query answers. */
export interface QueryResponses {
  config: ConfigResponse;
  predict_version: PredictedVersion;
  service: ServiceResponse;
  service_by_sid: ServiceResponse;
  services: ServicesResponse;
  services_by_owner: ServicesResponse;
  services_by_tag: ServicesResponse;
  terms: TermsResponse;
  version: VersionResponse;
  versions: VersionsResponse;
}
