//! The rows of the tables: name, the most it may be, and what it contains.

/// A row.
pub type Row = (&'static str, Option<u64>, &'static str);

/// The most that any message may take.
pub const MOST: u64 = 3_000_000;
/// What one more validator may cost on the fast path.
const ONE_MORE: Option<u64> = Some(25_000);

/// One execution.
pub const PATH: [Row; 20] = [
    ("request_deposit", Some(200_000), "`Request` of one execution, paid from a purse; input of 256 bytes"),
    ("request_send", Some(300_000), "the same by CW20 `Send`: two contracts are loaded instead of one"),
    ("request_8_each", Some(70_000), "an eighth of a `Request` of eight"),
    ("tick", None, "`Tick` that records a block"),
    (
        "beacon_seat_1",
        None,
        "`SubmitBeacon`: signature verified, one committee of four with two spares drawn and seated",
    ),
    ("beacon_seat_8", Some(900_000), "the same for eight executions of one round"),
    ("seal", Some(180_000), "`Seal` of one seat, the dearest of four: the last begins the next phase"),
    ("seal_32_each", None, "a 32nd of a `Seal` of all seats of eight executions"),
    ("open", Some(180_000), "`Open` of one seat, the dearest of four: the last decides"),
    ("open_32_each", None, "a 32nd of an `Open` of all seats of eight executions"),
    ("publish", None, "`Publish` of an output of 256 bytes"),
    ("publish_8_each", None, "an eighth of a `Publish` of eight"),
    ("settle_1", Some(210_000), "`Settle`: the escrow is split, all are credited"),
    ("settle_8_each", Some(80_000), "an eighth of a `Settle` of eight"),
    ("settle_8_apart_each", Some(80_000), "the same of eight no two of which have a runner in common"),
    (
        "onchain_path_4_seats",
        Some(2_200_000),
        "one execution on its own: request, tick, beacon and seats, four seals, four openings, publish, settle",
    ),
    (
        "certify_1",
        Some(175_000),
        "`Certify`: the salts and signed seals of four seats in place of all seals, openings and the publication",
    ),
    ("certify_8_each", Some(55_000), "an eighth of a `Certify` of eight"),
    ("lifecycle_1", Some(1_000_000), "one execution on its own: request, tick, beacon and seats, certificate, settle"),
    ("lifecycle_8_each", Some(430_000), "an eighth of eight executions, each of these five acts in one message"),
];

/// One more validator.
pub const ONE_VALIDATOR_MORE: [Row; 4] = [
    ("certify_1_plus_1_validator", ONE_MORE, "`Certify` of one execution with five seats, less that with four"),
    (
        "certify_8_each_plus_1_validator",
        ONE_MORE,
        "an eighth of a `Certify` of eight with five seats, less that with four",
    ),
    ("lifecycle_1_plus_1_validator", ONE_MORE, "all five acts of one execution with five seats, less those with four"),
    ("lifecycle_8_each_plus_1_validator", ONE_MORE, "an eighth of eight executions, the same"),
];

/// Other courses that an execution takes.
pub const DISPUTES: [Row; 20] = [
    ("decline", None, "`Decline` of one seat: a spare takes it"),
    ("poke_refund", None, "`Poke` of a request whose round nobody showed: refunded"),
    ("poke_refill", None, "`Poke` of a silent seat: slashed in staking, a spare takes the seat"),
    ("poke_publishing_slot", None, "`Poke` of a publishing slot: its seat is slashed"),
    ("open_to_round_2", None, "`Open` of all four seats, of which one has another value: round 2 is asked for"),
    ("poke_to_round_2", None, "`Poke` of a seat that did not open: round 2 is asked for"),
    ("beacon_seat_round_2", None, "`SubmitBeacon`: five jurors drawn and seated"),
    ("publish_round_2", None, "`Publish` after round 2"),
    ("settle_after_round_2", None, "`Settle` after round 2: the liar is slashed in staking, the jurors are paid"),
    ("open_to_round_3", None, "`Open` of all five jurors, who do not agree: round 3 is asked for"),
    ("beacon_seat_round_3", None, "`SubmitBeacon`: eleven jurors drawn and seated"),
    ("publish_round_3_ends", None, "`Publish` after round 3, which ends, slashes and pays: 20 seats"),
    ("challenge", None, "`Challenge`, its bond from a purse"),
    ("challenge_send", None, "the same by CW20 `Send`"),
    (
        "open_round_3_ends",
        None,
        "`Open` of eleven jurors of a challenge, who confirm the value: ends and pays 15 seats",
    ),
    ("poke_unseated_challenge", None, "`Poke` of a challenge that nobody seated: the bond goes back"),
    ("report_equivocation", None, "`ReportEquivocation`: two signatures verified, the seat's bond slashed in staking"),
    ("post_result_verify", None, "`PostResult` of the executor of `Verify`"),
    ("certify_verify", None, "`Certify` of its committee of three"),
    ("settle_verify", None, "`Settle` of it"),
];

/// Everything else.
pub const REST: [Row; 52] = [
    ("no_op", None, "a contract that does nothing: the floor of every message"),
    ("cw20_transfer", None, "`Transfer` of the token"),
    ("deposit", None, "`Send` of tokens into a purse"),
    ("withdraw", None, "`Withdraw` from a purse"),
    ("claim", None, "`Claim` of one runner's earnings"),
    ("claim_8_each", None, "an eighth of a `Claim` of eight runners"),
    ("burn", None, "`Burn` of what rules have set aside"),
    ("request_own_run", None, "`Request` of an own run"),
    ("post_result_own_run", None, "`PostResult` of an own run, which ends and pays it"),
    ("poke_own_run", None, "`Poke` of an own run whose runner was silent: it goes to the network"),
    ("beacon_seat_own_run", None, "`SubmitBeacon` that seats its committee of four"),
    ("deliver", None, "`Deliver` to a contract that does nothing, with an output of 256 bytes"),
    ("prune", None, "`Prune` of one execution"),
    ("close_epoch", None, "`CloseEpoch`: the block producers' pot goes to staking; one bonded validator"),
    ("claim_producer", None, "`ClaimProducer` of one epoch"),
    ("propose_params", None, "`Propose` of a row of parameters"),
    ("propose_beacon", None, "`Propose` of a beacon, whose key is verified"),
    ("revoke", None, "`Revoke` of a row of parameters"),
    ("apply_params", None, "`Apply` of a row of parameters"),
    ("apply_beacon", None, "`Apply` of a beacon"),
    ("set_pauser", None, "`SetPauser`"),
    ("pause", None, "`Pause`"),
    ("unpause", None, "`Unpause`"),
    ("offer_ownership", None, "`OfferOwnership`"),
    ("accept_ownership", None, "`AcceptOwnership`"),
    ("set_market_registry", None, "`SetMarket` of the registry"),
    ("set_market_staking", None, "`SetMarket` of staking"),
    ("service_bond", None, "`Send` of a service bond"),
    ("unbond_service", None, "`UnbondService`: the notice begins"),
    ("withdraw_service_bond", None, "`WithdrawServiceBond` after the notice"),
    ("resume_service", None, "`ResumeService`"),
    ("register_service", None, "`Send` with a service's name, 256 bytes of description, URL"),
    ("publish_version", None, "`PublishVersion` with one task"),
    ("set_status", None, "`SetStatus`: paused"),
    ("announce_price", None, "`AnnouncePrice` of one task"),
    ("withdraw_price", None, "`WithdrawPrice` of one task"),
    ("deprecate", None, "`Deprecate` with a message of 256 bytes"),
    ("yank", None, "`SetYanked`"),
    ("propose_owner", None, "`ProposeOwner` of a service"),
    ("withdraw_owner", None, "`WithdrawOwner` of a service"),
    ("accept_owner", None, "`AcceptOwner` of a service"),
    ("register_runner", None, "`RegisterRunner`"),
    ("update_runner", None, "`UpdateRunner`: another operator"),
    ("rotate_key", None, "`RotateKey`"),
    ("bond", None, "`Send` of a runner's stake"),
    ("opt_in", None, "`OptIn`: the runner's seats enter the pool's tree"),
    ("unbond", None, "`Unbond`: its seats change"),
    ("opt_out", None, "`OptOut`: its seats leave the tree"),
    ("sync", None, "`Sync` of a jailed runner: its seats leave the tree"),
    ("unjail", None, "`Unjail`: its seats come back"),
    ("staking_withdraw", None, "`Withdraw` of one released entry"),
    ("beacon_seat_verify", None, "`SubmitBeacon`: the committee of `Verify`, three seats"),
];

/// Messages at their maximum size.
pub const LARGEST: [Row; 31] = [
    ("request_max", Some(MOST), "`Request` of 8 with inputs of 4 KiB"),
    ("request_send_max", Some(MOST), "the same by CW20 `Send`"),
    ("beacon_seat_max", Some(MOST), "`SubmitBeacon` that seats 8 committees of 8 seats"),
    ("beacon_seat_round_2_max", Some(MOST), "`SubmitBeacon` that seats juries of 15 seats"),
    ("beacon_seat_round_3_max", Some(MOST), "`SubmitBeacon` that seats juries of 31 seats"),
    ("decline_max", Some(MOST), "`Decline` of 4 seats of 4 executions, which have no spares left"),
    ("seal_max", Some(MOST), "`Seal` of 32 seats of executions of 8 seats, the last of each"),
    ("seal_round_2_max", Some(MOST), "`Seal` of 32 jurors of round 2"),
    ("seal_round_3_max", Some(MOST), "`Seal` of 32 jurors of round 3"),
    ("open_max", Some(MOST), "`Open` of 32 seats of executions of 8 seats, the last of each: all are decided"),
    ("open_round_2_max", Some(MOST), "`Open` of 32 jurors of round 2, the last of each execution: all come to round 3"),
    ("open_round_3_max", Some(MOST), "`Open` of 32 jurors of round 3"),
    (
        "open_challenged_max",
        Some(MOST),
        "`Open` of the last jurors of challenged executions: 39 seats of each are judged and paid",
    ),
    ("publish_max", Some(MOST), "`Publish` of outputs of 4 KiB"),
    ("certify_max", Some(MOST), "`Certify` of 8 executions of 8 seats with outputs of 4 KiB"),
    ("certify_settle_max", Some(MOST), "the same, which settles others of 8 seats"),
    ("certify_round_2_max", Some(MOST), "`Certify` of executions by their 15 jurors of round 2"),
    (
        "certify_round_3_max",
        Some(MOST),
        "`Certify` of executions by their 31 jurors of round 3: 54 seats of each are judged and paid",
    ),
    (
        "certify_settle_mixed_max",
        Some(MOST),
        "`Certify` of 8 executions of 8 seats with outputs of 256 bytes, which settles others after round 2 and of 8 seats",
    ),
    ("settle_max", Some(MOST), "`Settle` of executions of 8 seats"),
    ("poke_max", Some(MOST), "`Poke` of 4 executions whose 8 seats are all silent"),
    (
        "poke_round_3_max",
        Some(MOST),
        "`Poke` of executions whose 31 jurors of round 3 are all silent: 54 seats of each are judged and paid",
    ),
    ("settle_round_2_1", Some(MOST), "`Settle` of one execution after round 2: 23 seats are judged and paid"),
    ("settle_round_2_max", Some(MOST), "`Settle` of such"),
    (
        "publish_round_3_max",
        Some(MOST),
        "`Publish` of executions that round 3 decides: 54 seats of each are judged and paid",
    ),
    (
        "publish_mixed_max",
        Some(MOST),
        "`Publish` of outputs of 4 KiB, one of them of an execution that round 3 decides",
    ),
    ("post_result_max", Some(MOST), "`PostResult` of 16 own runs with outputs of 4 KiB, which are paid"),
    ("claim_max", Some(MOST), "`Claim` of 32 runners and 32 versions of 64 owners"),
    ("prune_max", Some(MOST), "`Prune` of executions of 8 seats"),
    ("deliver_max", Some(MOST), "`Deliver` of an output of 4 KiB to a contract that does nothing"),
    ("claim_producer_max", Some(MOST), "`ClaimProducer` of 30 epochs"),
];

/// The same of registry and staking.
pub const LARGEST_ELSEWHERE: [Row; 7] = [
    ("register_service_max", Some(MOST), "`Send` that registers a service, all texts and tags as long as they may be"),
    ("publish_version_max", Some(MOST), "`PublishVersion` of 16 KiB with 16 tasks and 16 events"),
    ("set_tags_max", Some(MOST), "`SetTags`: 8 of 32 bytes"),
    ("register_runner_max", Some(MOST), "`RegisterRunner` with an endpoint of 256 bytes"),
    ("opt_in_max", Some(MOST), "`OptIn` to a second version: the seats of both change"),
    ("unbond_max", Some(MOST), "`Unbond` of a runner that serves two versions, its seventh entry"),
    ("staking_withdraw_max", Some(MOST), "`Withdraw` of seven released entries"),
];

/// Measured in other circumstances too, and how much dearer they may be there, in percent: fewer runners, more runners,
/// more services, more executions. None where it is not the message that makes the difference, or where it cannot be
/// measured: eight committees of different runners in a pool of 12.
pub const FLAT: [(&str, [Option<u64>; 4]); 12] = [
    ("request_deposit", EVERYWHERE),
    ("tick", EVERYWHERE),
    ("beacon_seat_8", [Some(2), Some(45), Some(2), Some(2)]),
    ("seal", EVERYWHERE),
    ("open", EVERYWHERE),
    ("publish", EVERYWHERE),
    ("settle_1", EVERYWHERE),
    ("settle_8_each", [Some(2), None, None, None]),
    ("settle_8_apart_each", [None, Some(2), Some(2), Some(2)]),
    ("onchain_path_4_seats", EVERYWHERE),
    ("certify_1", EVERYWHERE),
    ("certify_8_each", EVERYWHERE),
];
const EVERYWHERE: [Option<u64>; 4] = [Some(2); 4];
