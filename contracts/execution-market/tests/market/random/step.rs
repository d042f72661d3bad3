//! What can happen next, and how often.

use proptest::prelude::*;

/// One step. Executions and seats are picked modulo how many there are.
#[derive(Clone, Debug)]
pub enum Step {
    RequestBySend {
        who: usize,
        many: usize,
        more: u8,
    },
    RequestFromPurse {
        who: usize,
        sub: u32,
        many: usize,
    },
    /// By a runner's owner, for its own runner.
    RequestOwn {
        runner: usize,
    },
    /// By a contract.
    RequestByContract {
        many: usize,
    },
    Deposit {
        who: usize,
        amount: u128,
        sub: u32,
    },
    Withdraw {
        who: usize,
        sub: u32,
        amount: Option<u128>,
    },
    /// An execution's next act, by everybody who owes it.
    Advance {
        pick: usize,
    },
    Tick,
    Beacon {
        pick: usize,
        wait: bool,
        alone: bool,
    },
    Seat {
        pick: usize,
    },
    Seal {
        pick: usize,
        seat: usize,
        work: usize,
    },
    SealAll {
        pick: usize,
        work: usize,
    },
    Open {
        pick: usize,
        seat: usize,
        work: usize,
    },
    OpenAll {
        pick: usize,
    },
    Publish {
        pick: usize,
        work: usize,
    },
    PostResult {
        pick: usize,
        work: usize,
    },
    Certify {
        pick: usize,
        work: usize,
    },
    Decline {
        pick: usize,
        seat: usize,
        code: u16,
    },
    /// Shows two seals of one seat, whatever has become of it.
    Report {
        pick: usize,
        seat: usize,
    },
    Challenge {
        pick: usize,
    },
    Poke {
        pick: usize,
        expire: bool,
    },
    Settle {
        expire: bool,
    },
    Prune {
        pick: usize,
    },
    /// Calls the requester, who takes it as `how` says.
    Deliver {
        pick: usize,
        how: How,
    },
    Claim,
    Burn,
    CloseEpoch,
    ClaimProducer {
        who: usize,
    },
    Pass {
        seconds: u64,
    },
    /// Time passes, blocks do not.
    Halt {
        seconds: u64,
    },
    /// Blocks pass, time does not.
    Blocks {
        blocks: u64,
    },
    /// The beacon shows nothing for this many steps.
    Outage {
        steps: u8,
    },
    Stake(Stake),
    Service(Service),
    Govern(Govern),
    /// The token behaves otherwise from now on, if the suite's is one that can.
    Token(How),
    /// Another token's hook.
    Foreign {
        what: usize,
        amount: u128,
    },
}

/// How a stranger's contract takes a call. The numbers choose what it calls back with.
#[derive(Clone, Debug)]
pub enum How {
    Well,
    Fails,
    /// The token takes a part of what is sent.
    Takes,
    /// The token adds to what is sent.
    Adds,
    CallsBack {
        with: Vec<usize>,
        strict: bool,
    },
}

/// What runners do.
#[derive(Clone, Debug)]
pub enum Stake {
    Bond { runner: usize, amount: u128 },
    Unbond { runner: usize, amount: u128 },
    Withdraw { runner: usize },
    OptOut { runner: usize },
    OptIn { runner: usize },
    RotateKey { runner: usize },
    Unjail { runner: usize, wait: bool },
    Sync { runner: usize },
}

/// What the service's owner does.
#[derive(Clone, Debug)]
pub enum Service {
    Bond {
        amount: u128,
    },
    Unbond,
    WithdrawBond,
    Resume,
    Yank {
        yanked: bool,
    },
    AnnouncePrice {
        per_call: u128,
    },
    WithdrawPrice,
    /// The notice of a new price passes.
    AwaitPrice,
}

/// What the market's owner and pauser do.
#[derive(Clone, Debug)]
pub enum Govern {
    ProposeParams { variant: usize },
    ProposeBeacon { secret: u64 },
    Revoke { beacon: bool },
    Apply { beacon: bool, wait: bool },
    Pause,
    Unpause,
}

/// Any step, as often as it is worth trying.
pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => course(),
        28 => (0usize..4).prop_map(|pick| Step::Advance { pick }),
        15 => money(),
        30 => act(),
        10 => enforce(),
        7 => time(),
        8 => stake().prop_map(Step::Stake),
        5 => service().prop_map(Step::Service),
        6 => govern().prop_map(Step::Govern),
        5 => stranger(),
    ]
}

fn pick() -> impl Strategy<Value = usize> {
    0usize..8
}

/// Mostly the honest one.
fn work() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0usize, 0, 0, 0, 0, 0, 0, 1, 2, 3])
}

fn money() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0usize..3, 1usize..4, 0u8..3).prop_map(|(who, many, more)| Step::RequestBySend { who, many, more }),
        3 => (0usize..3, 0u32..2, 1usize..4).prop_map(|(who, sub, many)| Step::RequestFromPurse { who, sub, many }),
        2 => (0usize..24).prop_map(|runner| Step::RequestOwn { runner }),
        2 => (1usize..3).prop_map(|many| Step::RequestByContract { many }),
        2 => (0usize..4, 1u128..40_000_000, 0u32..2).prop_map(|(who, amount, sub)| Step::Deposit { who, amount, sub }),
        1 => (0usize..4, 0u32..2, prop::option::of(1u128..3_000_000))
            .prop_map(|(who, sub, amount)| Step::Withdraw { who, sub, amount }),
    ]
}

fn course() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Tick),
        3 => (pick(), prop::bool::weighted(0.9), any::<bool>())
            .prop_map(|(pick, wait, alone)| Step::Beacon { pick, wait, alone }),
        3 => pick().prop_map(|pick| Step::Seat { pick }),
        4 => (pick(), work()).prop_map(|(pick, work)| Step::PostResult { pick, work }),
        2 => Just(Step::Claim),
        1 => Just(Step::Burn),
        1 => Just(Step::CloseEpoch),
        1 => (0usize..2).prop_map(|who| Step::ClaimProducer { who }),
    ]
}

fn act() -> impl Strategy<Value = Step> {
    let seat = || 0usize..4;
    prop_oneof![
        4 => (pick(), seat(), work()).prop_map(|(pick, seat, work)| Step::Seal { pick, seat, work }),
        4 => (pick(), work()).prop_map(|(pick, work)| Step::SealAll { pick, work }),
        4 => (pick(), seat(), work()).prop_map(|(pick, seat, work)| Step::Open { pick, seat, work }),
        3 => pick().prop_map(|pick| Step::OpenAll { pick }),
        2 => (pick(), work()).prop_map(|(pick, work)| Step::Publish { pick, work }),
        4 => (pick(), work()).prop_map(|(pick, work)| Step::Certify { pick, work }),
        3 => (pick(), seat(), 1u16..4).prop_map(|(pick, seat, code)| Step::Decline { pick, seat, code }),
        1 => (pick(), seat()).prop_map(|(pick, seat)| Step::Report { pick, seat }),
        2 => pick().prop_map(|pick| Step::Challenge { pick }),
    ]
}

fn enforce() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (pick(), any::<bool>()).prop_map(|(pick, expire)| Step::Poke { pick, expire }),
        4 => any::<bool>().prop_map(|expire| Step::Settle { expire }),
        1 => pick().prop_map(|pick| Step::Prune { pick }),
        3 => (pick(), how()).prop_map(|(pick, how)| Step::Deliver { pick, how }),
    ]
}

fn time() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1u64..200).prop_map(|seconds| Step::Pass { seconds }),
        1 => prop::sample::select(vec![1_300u64, 86_400, 31 * 86_400]).prop_map(|seconds| Step::Pass { seconds }),
        1 => (1u64..4_000).prop_map(|seconds| Step::Halt { seconds }),
        1 => (1u64..50).prop_map(|blocks| Step::Blocks { blocks }),
        1 => (1u8..12).prop_map(|steps| Step::Outage { steps }),
    ]
}

fn stake() -> impl Strategy<Value = Stake> {
    let runner = || 0usize..24;
    prop_oneof![
        1 => (runner(), 1u128..50_000_000).prop_map(|(runner, amount)| Stake::Bond { runner, amount }),
        2 => (runner(), 1u128..1_000_000_000).prop_map(|(runner, amount)| Stake::Unbond { runner, amount }),
        1 => runner().prop_map(|runner| Stake::Withdraw { runner }),
        1 => runner().prop_map(|runner| Stake::OptOut { runner }),
        2 => runner().prop_map(|runner| Stake::OptIn { runner }),
        1 => runner().prop_map(|runner| Stake::RotateKey { runner }),
        2 => (runner(), any::<bool>()).prop_map(|(runner, wait)| Stake::Unjail { runner, wait }),
        1 => runner().prop_map(|runner| Stake::Sync { runner }),
    ]
}

fn service() -> impl Strategy<Value = Service> {
    prop_oneof![
        3 => (1u128..1_000_000).prop_map(|amount| Service::Bond { amount }),
        1 => Just(Service::Unbond),
        1 => Just(Service::WithdrawBond),
        2 => Just(Service::Resume),
        4 => prop::bool::weighted(0.1).prop_map(|yanked| Service::Yank { yanked }),
        2 => prop::sample::select(vec![1_000_000u128, 700_000, 400_000])
            .prop_map(|per_call| Service::AnnouncePrice { per_call }),
        1 => Just(Service::WithdrawPrice),
        1 => Just(Service::AwaitPrice),
    ]
}

fn govern() -> impl Strategy<Value = Govern> {
    prop_oneof![
        2 => (0usize..4).prop_map(|variant| Govern::ProposeParams { variant }),
        1 => (1u64..4).prop_map(|secret| Govern::ProposeBeacon { secret }),
        1 => any::<bool>().prop_map(|beacon| Govern::Revoke { beacon }),
        6 => (any::<bool>(), prop::bool::weighted(0.7)).prop_map(|(beacon, wait)| Govern::Apply { beacon, wait }),
        1 => Just(Govern::Pause),
        8 => Just(Govern::Unpause),
    ]
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        2 => Just(How::Well),
        1 => Just(How::Fails),
        3 => (prop::collection::vec(0usize..8, 1..4), any::<bool>())
            .prop_map(|(with, strict)| How::CallsBack { with, strict }),
    ]
}

fn stranger() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Token(How::Well)),
        1 => Just(Step::Token(How::Takes)),
        1 => Just(Step::Token(How::Adds)),
        4 => how().prop_map(Step::Token),
        2 => (0usize..4, 1u128..100_000_000).prop_map(|(what, amount)| Step::Foreign { what, amount }),
    ]
}
