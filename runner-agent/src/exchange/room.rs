//! One round of one execution: who is bound, who has opened, and when a certificate is whole (docs/mechanism.md, 2.3).
//!
//! Blindness: a salt of this process is shown only once every other seat is bound by a signed seal that is held here, so
//! that all of them can still be brought on chain.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Binary, Uint64};
use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
use k256::ecdsa::{Signature, VerifyingKey};
use mesg_api::market::{SealItem, SignedAct};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{decline_message, seal, sign_message};
use mesg_protocol::signature::is_low_s;

use super::message::{Opening, Shown, SignedSeal};
use crate::equivocation::Equivocation;
use crate::journal::SealRow;

/// Seconds between the turns of two seats to post a certificate: about a block.
const TURN: u64 = 6;

/// A seat of the panel.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its holder.
    pub runner: RunnerId,
    /// The key that signs for it.
    pub key: VerifyingKey,
    /// Whether the chain waits for its seal.
    pub unsealed: bool,
}

/// What the chain says about the round; times in unix seconds.
#[derive(Clone, Debug)]
pub struct Agenda {
    /// `domain32` of the market.
    pub domain: Digest32,
    /// The execution.
    pub execution: ExecutionId,
    /// The round, 1 to 3.
    pub round: u8,
    /// Seed of its draw.
    pub seed: Digest32,
    /// Its seats in the order of the draw.
    pub members: Vec<Member>,
    /// Until here this process opens: a quarter of T_work before the deadline.
    pub open_until: u64,
    /// From here on seals go on chain.
    pub switch: u64,
    /// The deadline.
    pub until: u64,
}

/// The round as this process sees it.
#[derive(Clone, Debug)]
pub struct Room {
    agenda: Agenda,
    own: BTreeMap<RunnerId, SealRow>,
    seals: BTreeMap<RunnerId, SignedSeal>,
    salts: BTreeMap<RunnerId, Digest32>,
    released: bool,
    whole_since: Option<u64>,
    /// What seats showed first, also those that have gone to others since.
    witnessed: BTreeMap<RunnerId, (VerifyingKey, SignedSeal)>,
    /// Seats that signed two different acts, and the proofs that were not taken yet.
    caught: BTreeSet<RunnerId>,
    proofs: Vec<Equivocation>,
}

impl Room {
    /// A room in which only the seats of this process are bound.
    #[must_use]
    pub fn new(agenda: Agenda, own: &[SealRow]) -> Self {
        let mut room = Self {
            agenda,
            own: BTreeMap::new(),
            seals: BTreeMap::new(),
            salts: BTreeMap::new(),
            released: false,
            whole_since: None,
            witnessed: BTreeMap::new(),
            caught: BTreeSet::new(),
            proofs: Vec::new(),
        };
        room.bind(own);
        room
    }

    /// Adds seats of this process.
    pub fn bind(&mut self, own: &[SealRow]) {
        let round = self.agenda.round;
        for row in own.iter().filter(|row| row.round == round) {
            let (runner, signature) = (row.runner, Binary::from(row.signature.clone()));
            self.add_seal(SignedSeal { runner, seal: row.seal, signature });
            self.own.insert(row.runner, row.clone());
        }
    }

    /// Takes what the chain says now: seats may have gone to others.
    pub fn update(&mut self, agenda: Agenda) {
        if agenda.round != self.agenda.round || agenda.seed != self.agenda.seed {
            let own: Vec<_> = self.own.values().cloned().collect();
            *self = Self::new(agenda, &own);
            return;
        }
        self.agenda = agenda;
        let sits = |runner: &RunnerId| self.agenda.members.iter().any(|member| member.runner == *runner);
        self.seals.retain(|runner, _| sits(runner));
        self.salts.retain(|runner, _| sits(runner));
        if self.certificate().is_none() {
            self.whole_since = None;
        }
    }

    /// Takes what somebody shows: what is not a seat's is passed over, and of two seals of a seat the first is kept; both
    /// together are a proof against it.
    pub fn take(&mut self, shown: Shown) {
        if shown.execution.u64() != self.agenda.execution.0 || shown.round != self.agenda.round {
            return;
        }
        let most = self.agenda.members.len();
        shown.seals.into_iter().take(most).for_each(|seal| self.add_seal(seal));
        shown.openings.into_iter().take(most).for_each(|opening| self.add_opening(&opening));
    }

    fn add_seal(&mut self, shown: SignedSeal) {
        let Some(member) = self.agenda.members.iter().find(|member| member.runner == shown.runner) else { return };
        let (key, held) = (member.key, self.seals.get(&shown.runner));
        if held.is_some_and(|held| held.seal == shown.seal || self.caught.contains(&shown.runner)) {
            return;
        }
        let SignedSeal { runner, seal, signature } = shown.clone();
        if held.is_some() {
            let proof = self.contradict(runner, SignedAct::Seal { seal, signature });
            self.proofs.extend(proof);
        } else if self.is_signed(runner, &key, &SignedAct::Seal { seal, signature }) {
            self.witnessed.entry(runner).or_insert_with(|| (key, shown.clone()));
            self.seals.insert(runner, shown);
        }
    }

    /// The proof that an act gives together with what its seat showed here; one a seat.
    pub fn contradict(&mut self, runner: RunnerId, act: SignedAct) -> Option<Equivocation> {
        let (key, shown) = self.witnessed.get(&runner)?;
        let same = matches!(&act, SignedAct::Seal { seal, .. } if *seal == shown.seal);
        if same || self.caught.contains(&runner) || !self.is_signed(runner, key, &act) {
            return None;
        }
        let first = SignedAct::Seal { seal: shown.seal, signature: shown.signature.clone() };
        self.caught.insert(runner);
        Some(Equivocation { execution: self.agenda.execution, runner, acts: [first, act] })
    }

    fn is_signed(&self, runner: RunnerId, key: &VerifyingKey, act: &SignedAct) -> bool {
        let Agenda { domain, execution, round, seed, .. } = &self.agenda;
        let (message, signature) = match act {
            SignedAct::Seal { seal, signature } => {
                (sign_message(domain, *execution, seed, *round, runner, seal), signature)
            }
            SignedAct::Decline { code, signature } => {
                (decline_message(domain, *execution, seed, *round, runner, *code), signature)
            }
        };
        let parsed = Signature::from_slice(signature).ok().filter(|_| is_low_s(signature));
        parsed.is_some_and(|signature| key.verify_prehash(message.as_bytes(), &signature).is_ok())
    }

    /// The execution.
    #[must_use]
    pub const fn execution(&self) -> ExecutionId {
        self.agenda.execution
    }

    /// The round.
    #[must_use]
    pub const fn round(&self) -> u8 {
        self.agenda.round
    }

    /// Takes the proofs against seats that showed two seals; each is given once.
    pub fn proofs(&mut self) -> Vec<Equivocation> {
        std::mem::take(&mut self.proofs)
    }

    /// An opening counts only if it opens the seat's seal to the value of this process.
    fn add_opening(&mut self, shown: &Opening) {
        let Agenda { domain, execution, round, .. } = &self.agenda;
        let Some(value) = self.own.values().next().map(|row| row.value) else { return };
        let Some(held) = self.seals.get(&shown.runner) else { return };
        if seal(domain, *execution, *round, shown.runner, &value, &shown.salt) == held.seal {
            self.salts.insert(shown.runner, shown.salt);
        }
    }

    /// Opens the seats of this process once everybody is bound and there is time to bring all seals on chain.
    pub fn proceed(&mut self, now: u64) {
        self.released |= self.is_bound() && now <= self.agenda.open_until;
        if self.released && self.is_bound() {
            let own: Vec<_> = self.own.values().map(|row| Opening { runner: row.runner, salt: row.salt }).collect();
            own.iter().for_each(|opening| self.add_opening(opening));
        }
        if self.whole_since.is_none() && self.certificate().is_some() {
            self.whole_since = Some(now);
        }
    }

    fn is_bound(&self) -> bool {
        self.agenda.members.iter().all(|member| self.seals.contains_key(&member.runner))
    }

    /// What is shown to the other seats: no salt while a newcomer to the panel is not bound.
    #[must_use]
    pub fn shown(&self) -> Shown {
        let salts = self.salts.iter().filter(|_| self.is_bound());
        let openings = salts.map(|(runner, salt)| Opening { runner: *runner, salt: *salt });
        Shown {
            execution: Uint64::new(self.agenda.execution.0),
            round: self.agenda.round,
            seals: self.seals.values().cloned().collect(),
            openings: openings.collect(),
        }
    }

    /// The seats' part of a certificate, once it is whole and the turn of a seat of this process has come.
    #[must_use]
    pub fn certificate_at(&self, now: u64) -> Option<Vec<u8>> {
        let mine = self.agenda.members.iter().position(|member| self.own.contains_key(&member.runner))?;
        let turn = TURN.saturating_mul(u64::try_from(mine).ok()?);
        self.whole_since.filter(|since| now >= since.saturating_add(turn))?;
        self.certificate()
    }

    /// Whether a certificate is whole, whoever's turn it is.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole_since.is_some()
    }

    fn certificate(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for member in &self.agenda.members {
            bytes.extend_from_slice(self.salts.get(&member.runner)?.as_bytes());
            bytes.extend_from_slice(&self.seals.get(&member.runner)?.signature);
        }
        Some(bytes)
    }

    /// Whether the seals of this process may still stay off chain.
    #[must_use]
    pub const fn holds(&self, now: u64) -> bool {
        now < self.agenda.switch
    }

    /// Seals of others to be brought on chain: if this process has opened, everybody must be bound there too.
    #[must_use]
    pub fn foreign(&self, now: u64) -> Vec<SealItem> {
        if !self.released || now < self.agenda.switch.midpoint(self.agenda.until) {
            return Vec::new();
        }
        let late =
            self.agenda.members.iter().filter(|member| member.unsealed && !self.own.contains_key(&member.runner));
        let seals = late.filter_map(|member| self.seals.get(&member.runner));
        let execution = Uint64::new(self.agenda.execution.0);
        seals
            .cloned()
            .map(|SignedSeal { runner, seal, signature }| SealItem { execution, runner, seal, signature })
            .collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use mesg_protocol::seal::{round_value, salt_message};
    use secrecy::SecretString;

    use super::*;
    use crate::attestation_key::{AttestationKey, AttestationSeed};
    use crate::journal::Run;

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    const DOMAIN: Digest32 = Digest32([7; 32]);
    /// The execution of these tests.
    pub const EXECUTION: ExecutionId = ExecutionId(9);
    const SEED: Digest32 = Digest32([3; 32]);

    fn key(runner: u32) -> AttestationKey {
        AttestationSeed::new(&SecretString::from(TEST_MNEMONIC)).unwrap().key(runner, 0).unwrap()
    }

    /// Seats of runners 0 to `seats` − 1 in round 2: opened until 160, on chain from 130, over at 180.
    pub fn agenda(seats: u32) -> Agenda {
        let member = |runner| {
            let key = VerifyingKey::from_sec1_bytes(&key(runner).public_key()).unwrap();
            Member { runner: RunnerId(runner), key, unsealed: true }
        };
        let members = (0..seats).map(member).collect();
        let (execution, until) = (EXECUTION, 180);
        Agenda { domain: DOMAIN, execution, round: 2, seed: SEED, members, open_until: 160, switch: 130, until }
    }

    /// The seal of a runner over a run that gave `output`.
    pub fn row(runner: u32, output: u8) -> SealRow {
        let (key, round, runner) = (key(runner), 2, RunnerId(runner));
        let value = round_value(&DOMAIN, EXECUTION, round, &Digest32([output; 32]));
        let salt = key.salt(&salt_message(&DOMAIN, EXECUTION, round)).unwrap();
        let seal = seal(&DOMAIN, EXECUTION, round, runner, &value, &salt);
        let signature = key.sign(&sign_message(&DOMAIN, EXECUTION, &SEED, round, runner, &seal)).unwrap().to_vec();
        SealRow { round, run: Run::Network, runner, key_no: 0, seed: SEED, value, salt, seal, signature }
    }

    fn pass(from: &Room, to: &mut Room, now: u64) {
        to.take(from.shown());
        to.proceed(now);
    }

    #[test]
    fn attack_11_nobody_opens_before_all_are_bound() {
        let mut rooms: Vec<_> = (0..3).map(|runner| Room::new(agenda(3), &[row(runner, 1)])).collect();
        let [first, second, third] = rooms.as_mut_slice() else { panic!() };
        pass(second, first, 100);
        assert!(first.shown().openings.is_empty() && first.shown().seals.len() == 2, "the third may still choose");
        pass(third, first, 100);
        assert_eq!(first.shown().openings.len(), 1);
        pass(first, second, 100);
        pass(second, first, 100);
        assert!(first.certificate_at(200).is_none());
        pass(second, third, 100);
        pass(third, first, 100);
        let certificate = first.certificate_at(100).unwrap();
        let expected: Vec<u8> =
            (0..3).map(|it| row(it, 1)).flat_map(|it| [it.salt.0.to_vec(), it.signature].concat()).collect();
        assert_eq!(certificate, expected);
        pass(first, second, 100);
        assert_eq!((second.certificate_at(105), second.certificate_at(106)), (None, Some(expected)), "turns");
    }

    #[test]
    fn nobody_opens_when_little_time_is_left() {
        let mut room = Room::new(agenda(2), &[row(0, 1), row(1, 1)]);
        room.proceed(161);
        assert!(room.shown().openings.is_empty() && room.certificate_at(999).is_none());
        room.proceed(160);
        assert_eq!(room.shown().openings.len(), 2);
        assert!(room.certificate_at(160).is_some(), "hosted together: no network needed");
    }

    #[test]
    fn others_that_disagree_never_make_a_certificate() {
        let mut first = Room::new(agenda(2), &[row(0, 1)]);
        let mut second = Room::new(agenda(2), &[row(1, 2)]);
        pass(&second, &mut first, 100);
        pass(&first, &mut second, 100);
        pass(&second, &mut first, 100);
        assert_eq!((first.shown().openings.len(), first.certificate_at(999)), (1, None));
    }

    #[test]
    fn what_is_not_a_seats_is_passed_over() {
        let mut room = Room::new(agenda(2), &[row(0, 1)]);
        let theirs = Room::new(agenda(2), &[row(1, 1)]).shown();
        let forged = |change: fn(&mut Shown)| {
            let mut shown = theirs.clone();
            change(&mut shown);
            shown
        };
        for wrong in [
            forged(|shown| shown.round = 1),
            forged(|shown| shown.execution = Uint64::new(8)),
            forged(|shown| shown.seals[0].runner = RunnerId(7)),
            forged(|shown| shown.seals[0].seal = Digest32([1; 32])),
            forged(|shown| shown.seals[0].signature = Binary::from(vec![1; 64])),
            forged(|shown| shown.seals[0].signature = Binary::default()),
        ] {
            room.take(wrong);
            assert_eq!(room.shown().seals.len(), 1);
        }
        room.take(theirs);
        let mut second = Room::new(agenda(2), &[row(1, 2)]).shown();
        second.openings.push(Opening { runner: RunnerId(1), salt: Digest32::ZERO });
        room.take(second);
        assert_eq!(room.shown().seals[1].seal, row(1, 1).seal, "the first seal of a seat is kept");
        assert_eq!(room.proofs().len(), 1);
        assert!(room.shown().openings.is_empty());
    }

    #[test]
    fn attack_61_two_seals_of_a_seat_are_a_proof_once() {
        let mut room = Room::new(agenda(2), &[row(0, 1)]);
        let shown = |output| Room::new(agenda(2), &[row(1, output)]).shown();
        for output in [1, 1] {
            room.take(shown(output));
            assert_eq!(room.proofs(), []);
        }
        let mut forged = shown(2);
        forged.seals[0].signature = Binary::from(vec![1; 64]);
        room.take(forged);
        assert_eq!(room.proofs(), [], "its key has not signed that");
        room.take(shown(2));
        let act = |output| {
            let SealRow { seal, signature, .. } = row(1, output);
            SignedAct::Seal { seal, signature: Binary::from(signature) }
        };
        let expected = Equivocation { execution: EXECUTION, runner: RunnerId(1), acts: [act(1), act(2)] };
        assert_eq!(room.proofs(), [expected]);
        room.take(shown(2));
        room.take(shown(3));
        assert_eq!(room.proofs(), [], "one proof a seat");
        room.take(Room::new(agenda(2), &[row(0, 2)]).shown());
        assert_eq!(room.proofs()[0].runner, RunnerId(0), "nor is a seat of this process spared");
    }

    #[test]
    fn attack_67_what_the_chain_took_contradicts_what_was_shown() {
        let mut room = Room::new(agenda(3), &[row(0, 1)]);
        room.take(Room::new(agenda(3), &[row(1, 1), row(2, 1)]).shown());
        let sealed = |runner, output| {
            let SealRow { seal, signature, .. } = row(runner, output);
            SignedAct::Seal { seal, signature: Binary::from(signature) }
        };
        let declined = |runner, signer| {
            let message = decline_message(&DOMAIN, EXECUTION, &SEED, 2, RunnerId(runner), 1);
            let signature = Binary::from(key(signer).sign(&message).unwrap().to_vec());
            SignedAct::Decline { code: 1, signature }
        };
        let mut left = agenda(3);
        left.members.truncate(2);
        room.update(left);
        assert_eq!(room.contradict(RunnerId(1), sealed(1, 1)), None, "the same");
        assert_eq!(room.contradict(RunnerId(1), sealed(2, 2)), None, "of another seat");
        assert_eq!(room.contradict(RunnerId(2), declined(2, 1)), None, "by another key");
        assert_eq!(room.contradict(RunnerId(7), declined(7, 7)), None, "it showed nothing");
        let proof = |runner, act| {
            let acts = [sealed(runner, 1), act];
            Some(Equivocation { execution: EXECUTION, runner: RunnerId(runner), acts })
        };
        assert_eq!(room.contradict(RunnerId(1), sealed(1, 2)), proof(1, sealed(1, 2)));
        assert_eq!(room.contradict(RunnerId(1), declined(1, 1)), None, "one proof a seat");
        assert_eq!(
            room.contradict(RunnerId(2), declined(2, 2)),
            proof(2, declined(2, 2)),
            "its seat has gone to others"
        );
    }

    #[test]
    fn all_seals_go_on_chain_when_no_certificate_comes() {
        let mut room = Room::new(agenda(2), &[row(0, 1)]);
        assert!(room.holds(129) && !room.holds(130));
        room.take(Room::new(agenda(2), &[row(1, 1)]).shown());
        assert!(room.foreign(179).is_empty(), "not opened yet");
        room.proceed(100);
        assert!(room.foreign(154).is_empty());
        assert_eq!(room.foreign(155)[0].runner, RunnerId(1));
        let mut sealed = agenda(2);
        sealed.members[1].unsealed = false;
        room.update(sealed);
        assert!(room.foreign(155).is_empty());
        assert_eq!(room.shown().openings.len(), 1);
        let mut refilled = agenda(3);
        refilled.members.remove(1);
        room.update(refilled);
        room.proceed(100);
        let shown = room.shown();
        assert_eq!((shown.seals.len(), shown.openings.len()), (1, 0), "the seat went to another runner");
        room.update(Agenda { round: 3, ..agenda(2) });
        assert!(room.shown().seals.is_empty());
    }
}
