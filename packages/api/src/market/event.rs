//! Events of the market. Amounts in base units, digests in hex, lists of runners as `3,1,7` in draw order.

use mesg_protocol::digest::Digest32;

crate::events! {
    /// What the market tells.
    "market", MarketEvent {
        /// An execution was requested and its escrow set aside.
        Requested = "requested" {
            /// The execution.
            execution: u64,
            /// Whose purse paid.
            requester: String,
            /// Its sub-account.
            sub: u32,
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// The terms.
            terms: u32,
            /// E.
            escrow: u128,
            /// Number of the beacon whose round it is bound to.
            beacon: u8,
            /// The round.
            round: u64,
            /// SHA-256 of the input.
            input: Digest32,
            /// Its length.
            input_len: u32,
        },
        /// An execution was bound to another round.
        BoundAgain = "bound_again" {
            /// The execution.
            execution: u64,
            /// Number of the round's beacon.
            beacon: u8,
            /// The round.
            round: u64,
        },
        /// A block was recorded in the ring.
        Ticked = "ticked" {
            /// ⌊time / 3⌋.
            window: u64,
            /// Its height.
            height: u64,
        },
        /// A round's signature was verified.
        BeaconStored = "beacon_stored" {
            /// Number of the round's beacon.
            beacon: u8,
            /// The round.
            round: u64,
            /// SHA-256 of the signature.
            rand: Digest32,
        },
        /// A committee was drawn.
        Seated = "seated" {
            /// The execution.
            execution: u64,
            /// Number of its round's beacon.
            beacon: u8,
            /// Its round.
            round: u64,
            /// Round of the execution: 0 for the executor of `Verify`, 1 to 3 for committees.
            escalation: u8,
            /// Runners, the primary first.
            seats: String,
            /// Runners that may take vacant seats.
            spares: String,
            /// End of the window of work, unix seconds.
            until: u64,
        },
        /// A seat sealed.
        Sealed = "sealed" {
            /// The execution.
            execution: u64,
            /// The seat's runner.
            runner: u32,
            /// C.
            seal: Digest32,
        },
        /// A seat opened its seal.
        Opened = "opened" {
            /// The execution.
            execution: u64,
            /// The seat's runner.
            runner: u32,
            /// h.
            value: Digest32,
        },
        /// An execution entered a phase.
        Entered = "entered" {
            /// The execution.
            execution: u64,
            /// `queued`, `working`, `opening`, `publishing`, `provisional` or `own_run`.
            phase: String,
            /// Round of the execution, 0 where the phase has none.
            escalation: u8,
            /// Its end, unix seconds.
            until: u64,
        },
        /// The agreed value was shown.
        Published = "published" {
            /// The execution.
            execution: u64,
            /// 0 Ok, 1 Err, 2 Valid, 3 Invalid.
            kind: u8,
            /// Error code, 0 for Ok.
            code: u16,
            /// SHA-256 of the output.
            output: Digest32,
            /// Its length.
            output_len: u64,
            /// Attested fuel in started millions.
            mfuel: u64,
            /// The output itself, if inline; else its locator; empty for errors.
            content: String,
        },
        /// The executor of `Verify` or an own runner showed its result.
        ResultPosted = "result_posted" {
            /// The execution.
            execution: u64,
            /// Who.
            runner: u32,
            /// SHA-256 of the output.
            output: Digest32,
            /// Its length.
            output_len: u64,
            /// The output itself, if inline; else its locator.
            content: String,
        },
        /// Every seat of a round showed one value at once.
        Certified = "certified" {
            /// The execution.
            execution: u64,
            /// 1 to 3.
            escalation: u8,
        },
        /// A provisional value was challenged.
        Challenged = "challenged" {
            /// The execution.
            execution: u64,
            /// Who doubts it.
            challenger: String,
            /// The bond.
            bond: u128,
        },
        /// A challenge ended: its bond, or what is left of it with the bounty, went to the challenger's purse.
        ChallengeClosed = "challenge_closed" {
            /// The execution.
            execution: u64,
            /// Whether it was right; empty without a verdict.
            right: String,
            /// What the challenger got.
            amount: u128,
        },
        /// A service's executions could not be agreed on: it takes no requests.
        ServicePaused = "service_paused" {
            /// The service.
            service: u32,
        },
        /// A paused service takes requests again.
        ServiceResumed = "service_resumed" {
            /// The service.
            service: u32,
        },
        /// A requester was called.
        Delivered = "delivered" {
            /// The execution.
            execution: u64,
            /// `sent`, or why the callback failed: `failed`.
            status: String,
        },
        /// A seat was given up.
        Declined = "declined" {
            /// The execution.
            execution: u64,
            /// Who.
            runner: u32,
            /// 1 Unavailable, 2 Machine, 3 Stopping.
            code: u16,
        },
        /// A runner did wrong.
        Slashed = "slashed" {
            /// The execution.
            execution: u64,
            /// Who.
            runner: u32,
            /// `missed`, `publishing_slot`, `wrong_or_unopened`, `equivocation` or `declined`.
            offence: String,
            /// What the slash took.
            amount: u128,
        },
        /// Vacant seats were refilled.
        Refilled = "refilled" {
            /// The execution.
            execution: u64,
            /// Who joined.
            joined: String,
        },
        /// A seat was paid.
        Paid = "paid" {
            /// The execution.
            execution: u64,
            /// Who.
            runner: u32,
            /// How much.
            amount: u128,
        },
        /// Who turned the crank was tipped.
        Tipped = "tipped" {
            /// The execution.
            execution: u64,
            /// Who.
            account: String,
            /// How much.
            amount: u128,
            /// `tick`, `beacon`, `seat`, `certify`, `settle` or `poke`.
            act: String,
        },
        /// An execution ended and its money was split.
        Ended = "ended" {
            /// The execution.
            execution: u64,
            /// `finalized`, `corrected`, `failed` or `refunded`.
            outcome: String,
            /// Error name or reason of the refund; empty if finalized.
            reason: String,
            /// E.
            escrow: u128,
            /// Penalty pot W.
            pot: u128,
            /// Back to the user.
            user: u128,
            /// To all seats.
            seats: u128,
            /// To the developer.
            developer: u128,
            /// To the block producers' pot.
            producers: u128,
            /// Burned.
            burn: u128,
            /// Tips paid from κ.
            tips: u128,
            /// To the challenger, and taken from the service bond for jurors.
            challenger: u128,
            /// See `challenger`.
            service_bond: u128,
        },
        /// An execution's details were deleted.
        Pruned = "pruned" {
            /// The execution.
            execution: u64,
        },
        /// A purse was filled.
        Deposited = "deposited" {
            /// Whose.
            account: String,
            /// Its sub-account.
            sub: u32,
            /// How much.
            amount: u128,
        },
        /// A purse was paid out.
        Withdrawn = "withdrawn" {
            /// Whose.
            account: String,
            /// Its sub-account.
            sub: u32,
            /// How much.
            amount: u128,
            /// The receiver.
            to: String,
        },
        /// Earnings of a runner went to its owner's purse.
        RunnerClaimed = "runner_claimed" {
            /// The runner.
            runner: u32,
            /// Its owner.
            owner: String,
            /// How much.
            amount: u128,
        },
        /// Earnings of a version went to the service owner's purse.
        DeveloperClaimed = "developer_claimed" {
            /// The version.
            version: u32,
            /// The service's owner.
            owner: String,
            /// How much.
            amount: u128,
        },
        /// A service bond grew.
        ServiceBonded = "service_bonded" {
            /// The service.
            service: u32,
            /// By how much.
            amount: u128,
            /// The bond now.
            bond: u128,
        },
        /// Notice was given for a service bond.
        ServiceUnbonding = "service_unbonding" {
            /// The service.
            service: u32,
            /// Withdrawable from then on, unix seconds.
            release: u64,
        },
        /// A service bond went to the owner's purse.
        ServiceUnbonded = "service_unbonded" {
            /// The service.
            service: u32,
            /// How much.
            amount: u128,
        },
        /// Tokens were burned.
        Burned = "burned" {
            /// How many.
            amount: u128,
        },
        /// The block producers' pot went to staking.
        ProducersSent = "producers_sent" {
            /// How much.
            amount: u128,
        },
        /// The owner proposed a change.
        ChangeProposed = "change_proposed" {
            /// `params` or `beacon`.
            change: String,
            /// From when on it may be applied, unix seconds.
            eta: u64,
            /// From which height on it may be applied.
            height: u64,
            /// From when on it has lapsed, unix seconds.
            until: u64,
        },
        /// The owner took a proposal back.
        ChangeRevoked = "change_revoked" {
            /// `params` or `beacon`.
            change: String,
        },
        /// A change came into force.
        ChangeApplied = "change_applied" {
            /// `params` or `beacon`.
            change: String,
            /// Number of the new row or beacon.
            number: u16,
        },
        /// The owner named another pauser.
        PauserSet = "pauser_set" {
            /// Who; empty for nobody.
            pauser: String,
        },
        /// The owner offered its role.
        OwnershipOffered = "ownership_offered" {
            /// To whom; empty for nobody.
            to: String,
            /// Until when, unix seconds.
            until: u64,
        },
        /// The owner's role was taken.
        OwnerSet = "owner_set" {
            /// By whom.
            owner: String,
        },
        /// New requests, registrations and bonds were stopped.
        Paused = "paused" {
            /// By whom.
            by: String,
        },
        /// They go on.
        Unpaused = "unpaused" {
            /// By whom.
            by: String,
        },
        /// An item of a batch was refused.
        ItemRefused = "item_refused" {
            /// Its position in the message.
            index: u32,
            /// The execution it names.
            execution: u64,
            /// Stable name of the reason.
            code: String,
        },
    }
}
