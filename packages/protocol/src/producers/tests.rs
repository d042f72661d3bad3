#![allow(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Closes an epoch when no pot has expired.
fn close(book: &mut Book, now: u64, received: u128, members: usize) -> Result<Option<Pot>, ProducersError> {
    let closed = book.close(now, received, members, |epoch| Err(ProducersError::NoPot { epoch }))?;
    assert_eq!((closed.epoch, closed.rolled), (now - 1, 0));
    Ok(closed.pot)
}

fn account(number: u8) -> Account {
    [number; 20]
}

#[test]
fn epochs_are_whole_lengths_of_time() {
    assert_eq!([0, 86_399, 86_400, 172_800].map(|time| epoch_of(time, EPOCH_SECS)), [0, 0, 1, 2]);
    assert_eq!(epoch_of(7, 0), 7, "a length of 0 does not divide by 0");
}

#[test]
fn an_epoch_is_closed_once_after_its_end() {
    let mut book = Book::default();
    assert_eq!(close(&mut book, 0, 5, 1), Err(ProducersError::NotEnded { epoch: 0 }));
    assert_eq!(close(&mut book, 7, 10, 3).unwrap().unwrap().share(), 3);
    assert_eq!((book.carried, book.pots, book.next, book.open), (1, 9, 7, 1));
    assert_eq!(close(&mut book, 7, 10, 3), Err(ProducersError::NotEnded { epoch: 7 }));
    assert_eq!(close(&mut book, 6, 10, 3), Err(ProducersError::NotEnded { epoch: 7 }), "time does not go back");
    assert_eq!(close(&mut book, 8, 10, 3).unwrap().unwrap().share(), 3, "the remainder of 1 is in it");
    assert_eq!((book.carried, book.held()), (2, 20));
}

#[test]
fn without_members_or_with_too_little_for_all_the_pot_rolls_over() {
    let mut book = Book::default();
    assert_eq!(close(&mut book, 1, 10, 0), Ok(None));
    assert_eq!(close(&mut book, 2, 10, 21), Ok(None));
    assert_eq!((book.carried, book.pots), (20, 0));
    assert_eq!(book.check_claim(1, 2), Err(ProducersError::NoPot { epoch: 1 }));
    assert_eq!(close(&mut book, 3, 0, 20).unwrap().unwrap().share(), 1, "and is shared when there is somebody");
    assert_eq!(book.carried, 0);
}

#[test]
fn members_are_bounded_and_nothing_wraps() {
    let mut book = Book::default();
    assert_eq!(close(&mut book, 1, 10, MAX_MEMBERS + 1), Err(ProducersError::Broken));
    assert_eq!(book, Book::default(), "a refusal changes nothing");
    assert_eq!(close(&mut book, 1, u128::MAX, MAX_MEMBERS).unwrap().unwrap().share(), u128::MAX / 300);
    assert_eq!(book.held(), u128::MAX);
    assert_eq!(close(&mut book.clone(), 2, 1, 0), Ok(None), "the remainder leaves room");
    assert_eq!(close(&mut book, 2, u128::MAX, 0), Err(ProducersError::Broken));
    assert_eq!(book.pay(u128::MAX), Err(ProducersError::Broken));
    assert_eq!(
        Members::of((0..=999u16).map(|n| [n.to_be_bytes(); 10].concat().try_into().unwrap())).accounts().len(),
        300
    );
}

#[test]
fn a_share_is_claimed_once_by_a_member() {
    let mut pot = Pot::of(31, 10).unwrap().unwrap();
    assert_eq!(pot.claim(4, 9), Ok(3));
    assert_eq!(pot.claim(4, 9), Err(ProducersError::Claimed { epoch: 4 }));
    assert_eq!(pot.claim(4, 10), Err(ProducersError::NotMember { epoch: 4 }), "a bit that belongs to nobody");
    assert_eq!(pot.claim(4, 16), Err(ProducersError::NotMember { epoch: 4 }));
    assert_eq!((pot.claims(), pot.left(), pot.members()), (1, 27, 10));
    assert!(pot.has_claimed(9) && !pot.has_claimed(8) && !pot.has_claimed(400));
}

#[test]
fn a_pot_is_claimable_for_sixty_epochs() {
    let mut book = Book::default();
    close(&mut book, 101, 10, 1).unwrap();
    assert_eq!(book.check_claim(101, 101), Err(ProducersError::NoPot { epoch: 101 }), "not closed");
    assert_eq!(book.check_claim(99, 101), Err(ProducersError::NoPot { epoch: 99 }), "before the first");
    assert_eq!(book.check_claim(100, 160), Ok(()));
    assert_eq!(book.check_claim(100, 161), Err(ProducersError::Expired { epoch: 100, until: 160 }));
}

/// Closes 60 epochs with 10 tokens for three members each; the pots by epoch.
fn sixty() -> (Book, BTreeMap<u64, Pot>) {
    let mut book = Book::default();
    let pots = (1..=60).map(|now| (now - 1, close(&mut book, now, 10, 3).unwrap().unwrap())).collect();
    (book, pots)
}

#[test]
fn expired_pots_roll_over_at_once() {
    for (now, expired) in [(61, 1), (75, 15), (90, 30), (91, 31), (119, 59), (120, 60), (1_000_000, 60)] {
        let (mut book, mut pots) = sixty();
        let share = pots.get_mut(&0).unwrap().claim(0, 1).unwrap();
        book.pay(share).unwrap();
        let (held, mut asked) = (book.held(), 0);
        let left: u128 = pots.range(..expired).map(|(_, pot)| pot.left()).sum();
        let load = |epoch| {
            asked += 1;
            pots.get(&epoch).cloned().ok_or(ProducersError::NoPot { epoch })
        };
        let closed = book.close(now, 1, 1, load).unwrap();
        assert_eq!((closed.rolled, closed.epoch), (left, now - 1), "{now}");
        assert!(asked <= 30, "{now}: {asked}");
        assert_eq!(book.held(), held + 1, "nothing is lost");
        let open: Vec<_> = book.claimable(now).collect();
        let expected: Vec<_> = (expired..60).chain([now - 1]).collect();
        assert_eq!(open, expected, "{now}");
    }
}

#[test]
fn a_pot_that_cannot_be_read_stops_the_closing() {
    let (mut book, _) = sixty();
    let before = book.clone();
    let refused = book.close(61, 1, 1, |epoch| Err(ProducersError::NoPot { epoch }));
    assert_eq!(refused, Err(ProducersError::NoPot { epoch: 0 }));
    assert_eq!(book, before);
}

#[test]
fn pots_that_can_be_claimed_together_have_different_places() {
    let mut places: Vec<_> = (1_000..1_000 + CLAIM_EPOCHS).map(place_of).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 60);
    assert_eq!(place_of(u64::MAX), 63);
}

#[test]
fn members_are_sorted_and_different() {
    let members = Members::of([account(3), account(1), account(3), account(2)]);
    assert_eq!(members.accounts(), [account(1), account(2), account(3)]);
    assert_eq!([1, 2, 3, 4].map(|number| members.number(&account(number))), [Some(0), Some(1), Some(2), None]);
}

#[test]
fn golden_records() {
    let book = Book { next: 300, open: 2, carried: 1, pots: 128 };
    assert_eq!(book.encode(), [1, 0xac, 2, 2, 1, 0x80, 1]);
    assert_eq!(Book::decode(&book.encode()), Ok(book));
    let mut pot = Pot::of(31, 10).unwrap().unwrap();
    pot.claim(0, 9).unwrap();
    assert_eq!(pot.encode(), [1, 3, 10, 0, 2]);
    assert_eq!(Pot::decode(&[1, 3, 10, 0, 2]), Ok(pot));
    let bytes = [&[1, 2][..], &[7; 20], &[8; 20]].concat();
    assert_eq!(Members::of([account(8), account(7)]).encode(), bytes);
    assert_eq!(Members::decode(&bytes), Ok(Members::of([account(7), account(8)])));
}

#[test]
fn the_largest_pot_and_whole_bytes_of_claims_come_back() {
    for count in [8, 296, 300] {
        let mut pot = Pot::of(1_000, count).unwrap().unwrap();
        (0..pot.members()).for_each(|member| assert_eq!(pot.claim(0, member), Ok(pot.share())));
        assert_eq!((pot.claims(), pot.left()), (pot.members(), 0));
        assert_eq!(Pot::decode(&pot.encode()), Ok(pot));
        let members = Members::of((0..count).map(|n| [&[0; 12][..], &n.to_be_bytes()].concat().try_into().unwrap()));
        assert_eq!(members.accounts().len(), count);
        assert_eq!(Members::decode(&members.encode()), Ok(members));
    }
}

#[test]
fn what_is_no_record_is_refused() {
    let wrong = |bytes: &[u8]| Pot::decode(bytes).unwrap_err();
    assert_eq!(wrong(&[1, 3, 10, 0, 4]), CodecError::Integer, "a claim of nobody");
    assert_eq!(wrong(&[1, 3, 0]), CodecError::Integer, "no members");
    assert_eq!(wrong(&[1, 0, 1, 0]), CodecError::Integer, "no share");
    assert_eq!(wrong(&[1, 3, 10, 0]), CodecError::Truncated);
    assert_eq!(wrong(&[2, 3, 10, 0, 2]), CodecError::Version { expected: 1, got: 2 });
    let mut many = vec![1, 1, 0xad, 2];
    many.extend([0; 38]);
    assert_eq!(wrong(&many), CodecError::Integer, "301 members");
    let twice = [&[1, 2][..], &[7; 20], &[7; 20]].concat();
    assert_eq!(Members::decode(&twice), Err(CodecError::Integer));
    let falling = [&[1, 2][..], &[8; 20], &[7; 20]].concat();
    assert_eq!(Members::decode(&falling), Err(CodecError::Integer));
    assert_eq!(Members::decode(&[1, 0xad, 2]), Err(CodecError::Integer));
    assert_eq!(Members::decode(&[1, 1, 7]), Err(CodecError::Truncated));
    assert_eq!(Book::decode(&[0, 0, 0, 0, 0]), Err(CodecError::Version { expected: 1, got: 0 }));
}

/// What may happen in one step.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(u64),
    Close { received: u128, members: usize },
    Claim { back: u64, member: u16 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (1u64..70).prop_map(Step::Wait),
        4 => Just(Step::Wait(1)),
        6 => (0u128..1_000, 0usize..12).prop_map(|(received, members)| Step::Close { received, members }),
        8 => (0u64..70, 0u16..12).prop_map(|(back, member)| Step::Claim { back, member }),
    ]
}

proptest! {
    #[test]
    fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..70)) {
        if let Ok(pot) = Pot::decode(&bytes) {
            prop_assert_eq!(pot.encode(), bytes.clone());
        }
        if let Ok(members) = Members::decode(&bytes) {
            prop_assert_eq!(members.encode(), bytes);
        }
    }

    /// Σ claims of an epoch ≤ its pot, each member once; nothing is lost or made by rolling over.
    #[test]
    fn invariant_23_claims_never_exceed_the_pot(steps in prop::collection::vec(step(), 1..200)) {
        let (mut book, mut now) = (Book::default(), 1_000u64);
        let mut pots = BTreeMap::<u8, (u64, Pot)>::new();
        let mut claims = BTreeMap::<u64, (u128, u128, Vec<u16>)>::new();
        let (mut received, mut paid) = (0u128, 0u128);
        for step in steps {
            match step {
                Step::Wait(epochs) => now += epochs,
                Step::Close { received: amount, members } => {
                    let due = now > book.next;
                    let (old, held) = (book.clone(), book.carried);
                    let closed = book.close(now, amount, members, |epoch| {
                        let pot = pots.get(&place_of(epoch)).filter(|(of, _)| *of == epoch);
                        pot.map(|(_, pot)| pot.clone()).ok_or(ProducersError::NoPot { epoch })
                    });
                    prop_assert_eq!(closed.is_ok(), due);
                    let Ok(Closed { epoch, pot, rolled }) = closed else { continue };
                    let all = held + amount + rolled;
                    received += amount;
                    prop_assert_eq!(pot.is_none(), members == 0 || all < members as u128);
                    for epoch in now.saturating_sub(200)..old.next {
                        let expired = old.has_pot(epoch) && now > epoch + CLAIM_EPOCHS;
                        prop_assert_eq!(book.has_pot(epoch), old.has_pot(epoch) && !expired);
                    }
                    if let Some(pot) = pot {
                        prop_assert!(book.carried < members as u128, "the remainder is less than one unit each");
                        claims.insert(epoch, (all, 0, vec![]));
                        pots.insert(place_of(epoch), (epoch, pot));
                    }
                }
                Step::Claim { back, member } => {
                    let epoch = now - back;
                    let can = back > 0 && back <= CLAIM_EPOCHS && claims.contains_key(&epoch);
                    prop_assert_eq!(book.check_claim(epoch, now).is_ok(), can);
                    prop_assert_eq!(book.claimable(now).any(|open| open == epoch), can);
                    if !can {
                        continue;
                    }
                    let (of, pot) = pots.get_mut(&place_of(epoch)).unwrap();
                    prop_assert_eq!(*of, epoch);
                    let (all, taken, members) = claims.get_mut(&epoch).unwrap();
                    match pot.claim(epoch, member) {
                        Ok(share) => {
                            prop_assert!(member < pot.members() && !members.contains(&member));
                            members.push(member);
                            *taken += share;
                            paid += share;
                            book.pay(share).unwrap();
                            prop_assert!(*taken <= *all);
                        }
                        Err(_) => prop_assert!(member >= pot.members() || members.contains(&member)),
                    }
                }
            }
            prop_assert_eq!(book.held(), received - paid);
            let open = pots.values().filter(|(epoch, _)| book.has_pot(*epoch));
            prop_assert_eq!(book.pots, open.map(|(_, pot)| pot.left()).sum::<u128>());
        }
    }
}
