// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.

/** An address. */
export type Addr = string;

export interface AllAccountsResponse {
  accounts: string[];
}

export interface AllAllowancesResponse {
  allowances: AllowanceInfo[];
}

export interface AllSpenderAllowancesResponse {
  allowances: SpenderAllowanceInfo[];
}

export interface AllowanceInfo {
  allowance: Uint128;
  expires: Expiration;
  spender: string;
}

export interface AllowanceResponse {
  allowance: Uint128;
  expires: Expiration;
}

export interface BalanceResponse {
  balance: Uint128;
}

/** Bytes in base64. */
export type Binary = string;

export interface Cw20Coin {
  address: string;
  amount: Uint128;
}

/** When we download an embedded logo, we get this response type. We expect a SPA to be able to accept this info and display it. */
export interface DownloadLogoResponse {
  data: Binary;
  mime_type: string;
}

/** The messages of CW20 with allowances. `mint`, `update_minter`, `update_marketing` and `upload_logo` do not exist. Amounts are base units; a zero amount is taken, as cw20-base does. */
export type ExecuteMsg =
  /** Moves tokens of the sender to `recipient`. */
  | {
    transfer: {
      /** At most the sender's balance. */
      amount: Uint128;
      /** Address of who receives. */
      recipient: string;
    };
  }
  /** Destroys tokens of the sender. */
  | {
    burn: {
      /** At most the sender's balance. */
      amount: Uint128;
    };
  }
  /** Moves tokens of the sender to a contract and calls its `receive`. */
  | {
    send: {
      /** At most the sender's balance. */
      amount: Uint128;
      /** Address of the contract. */
      contract: string;
      /** What the contract is told, in JSON. */
      msg: Binary;
    };
  }
  /** Lets `spender` move more of the sender's tokens. Not for oneself. */
  | {
    increase_allowance: {
      /** Added to the allowance. */
      amount: Uint128;
      /** Replaces the end of the allowance; must lie in the future. */
      expires?: Expiration | null;
      /** Address of who may spend. */
      spender: string;
    };
  }
  /** Lets `spender` move less of the sender's tokens. */
  | {
    decrease_allowance: {
      /** Taken off the allowance, which ends at 0. */
      amount: Uint128;
      /** Replaces the end of the allowance; must lie in the future. */
      expires?: Expiration | null;
      /** Address of who may spend. */
      spender: string;
    };
  }
  /** As `Transfer`, out of the allowance that `owner` gave the sender. */
  | {
    transfer_from: {
      /** At most the owner's balance and the allowance. */
      amount: Uint128;
      /** Address of whose tokens move. */
      owner: string;
      /** Address of who receives. */
      recipient: string;
    };
  }
  /** As `Send`, out of the allowance that `owner` gave the sender. */
  | {
    send_from: {
      /** At most the owner's balance and the allowance. */
      amount: Uint128;
      /** Address of the contract. */
      contract: string;
      /** What the contract is told, in JSON. */
      msg: Binary;
      /** Address of whose tokens move. */
      owner: string;
    };
  }
  /** As `Burn`, out of the allowance that `owner` gave the sender. */
  | {
    burn_from: {
      /** At most the owner's balance and the allowance. */
      amount: Uint128;
      /** Address of whose tokens are destroyed. */
      owner: string;
    };
  };

/** Expiration represents a point in time when some event happens. It can compare with a BlockInfo and will return is_expired() == true once the condition is hit (and for every block in the future) */
export type Expiration =
  /** AtHeight will expire when `env.block.height` >= height */
  | {
    at_height: number;
  }
  /** AtTime will expire when `env.block.time` >= time */
  | {
    at_time: Timestamp;
  }
  /** Never will never expire. Used to express the empty variant */
  | {
    never: Record<string, never>;
  };

/** Creates the token with its whole supply. Nobody can mint afterwards; `Burn` lowers the supply. */
export interface InstantiateMsg {
  /** Decimal places of the displayed unit, 0 to 18. */
  decimals: number;
  /** Who owns the supply: 1 to 20 different addresses, each with more than 0 base units; the sum fits 128 bits. */
  initial_balances: Cw20Coin[];
  /** Name for people, 3 to 50 bytes. */
  name: string;
  /** Ticker, 3 to 12 letters or hyphens. */
  symbol: string;
}

/** This is used to display logo info, provide a link or inform there is one that can be downloaded from the blockchain itself */
export type LogoInfo =
  /** A reference to an externally hosted logo. Must be a valid HTTP or HTTPS URL. */
  | {
    url: string;
  }
  /** There is an embedded logo on the chain, make another call to download it. */
  | "embedded";

export interface MarketingInfoResponse {
  /** A longer description of the token and it's utility. Designed for tooltips or such */
  description?: string | null;
  /** A link to the logo, or a comment there is an on-chain logo stored */
  logo?: LogoInfo | null;
  /** The address (if any) who can update this data structure */
  marketing?: Addr | null;
  /** A URL pointing to the project behind this token. */
  project?: string | null;
}

/** Moves the token to a newer version of its code. */
export type MigrateMsg = Record<string, never>;

export interface MinterResponse {
  /** cap is a hard cap on total supply that can be achieved by minting. Note that this refers to total_supply. If None, there is unlimited cap. */
  cap?: Uint128 | null;
  minter: string;
}

export type QueryMsg =
  /** Returns the current balance of the given address, 0 if unset. */
  | {
    balance: {
      address: string;
    };
  }
  /** Returns metadata on the contract - name, decimals, supply, etc. */
  | {
    token_info: Record<string, never>;
  }
  /** Only with "mintable" extension. Returns who can mint and the hard cap on maximum tokens after minting. */
  | {
    minter: Record<string, never>;
  }
  /** Only with "allowance" extension. Returns how much spender can use from owner account, 0 if unset. */
  | {
    allowance: {
      owner: string;
      spender: string;
    };
  }
  /** Only with "enumerable" extension (and "allowances") Returns all allowances this owner has approved. Supports pagination. */
  | {
    all_allowances: {
      limit?: number | null;
      owner: string;
      start_after?: string | null;
    };
  }
  /** Only with "enumerable" extension (and "allowances") Returns all allowances this spender has been granted. Supports pagination. */
  | {
    all_spender_allowances: {
      limit?: number | null;
      spender: string;
      start_after?: string | null;
    };
  }
  /** Only with "enumerable" extension Returns all accounts that have balances. Supports pagination. */
  | {
    all_accounts: {
      limit?: number | null;
      start_after?: string | null;
    };
  }
  /** Only with "marketing" extension Returns more metadata on the contract to display in the client: - description, logo, project url, etc. */
  | {
    marketing_info: Record<string, never>;
  }
  /** Only with "marketing" extension Downloads the embedded logo data (if stored on chain). Errors if no logo data is stored for this contract. */
  | {
    download_logo: Record<string, never>;
  };

export interface SpenderAllowanceInfo {
  allowance: Uint128;
  expires: Expiration;
  owner: string;
}

/** Nanoseconds since 1970 in decimal. */
export type Timestamp = Uint64;

export interface TokenInfoResponse {
  decimals: number;
  name: string;
  symbol: string;
  total_supply: Uint128;
}

/** An integer of 128 bits in decimal. */
export type Uint128 = string;

/** An integer of 64 bits in decimal. */
export type Uint64 = string;

/** What each query answers. */
export interface QueryResponses {
  all_accounts: AllAccountsResponse;
  all_allowances: AllAllowancesResponse;
  all_spender_allowances: AllSpenderAllowancesResponse;
  allowance: AllowanceResponse;
  balance: BalanceResponse;
  download_logo: DownloadLogoResponse;
  marketing_info: MarketingInfoResponse;
  minter: MinterResponse;
  token_info: TokenInfoResponse;
}
