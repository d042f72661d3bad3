//! A value by epoch: what a request was bound to stays readable while changes are already written (1.3).

use crate::codec::{CodecError, Reader, Record, Writer};

/// A value in the epoch before `tag`, in `tag` and from the one after `tag` on. A change asked for in epoch n is
/// written for n + 1; what draws of epoch n are made from never changes any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versioned<T> {
    pub(crate) tag: u64,
    pub(crate) previous: T,
    pub(crate) current: T,
    pub(crate) next: T,
}

impl<T: Copy> Versioned<T> {
    /// The value as of `epoch`; none where it is older than the epoch before the last change.
    pub fn at(&self, epoch: u64) -> Option<&T> {
        if epoch > self.tag {
            Some(&self.next)
        } else if epoch == self.tag {
            Some(&self.current)
        } else if epoch.checked_add(1) == Some(self.tag) {
            Some(&self.previous)
        } else {
            None
        }
    }

    /// The value from the epoch after `now` on, to be changed; `now` never goes back.
    pub fn next_mut(&mut self, now: u64) -> &mut T {
        if now > self.tag {
            self.previous = if self.tag.checked_add(1) == Some(now) { self.current } else { self.next };
            self.current = self.next;
            self.tag = now;
        }
        &mut self.next
    }
}

impl<T: Record> Record for Versioned<T> {
    fn write(&self, out: &mut Writer) {
        out.int(self.tag);
        self.previous.write(out);
        self.current.write(out);
        self.next.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let tag = input.int()?;
        Ok(Self { tag, previous: T::read(input)?, current: T::read(input)?, next: T::read(input)? })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_change_counts_from_the_next_epoch_on() {
        let mut value = Versioned::default();
        *value.next_mut(10) = 7;
        assert_eq!([9, 10, 11, 99].map(|epoch| value.at(epoch).copied()), [Some(0), Some(0), Some(7), Some(7)]);
        assert_eq!(value.at(8), None, "older than the epoch before the change");
        *value.next_mut(11) = 8;
        assert_eq!([10, 11, 12].map(|epoch| value.at(epoch).copied()), [Some(0), Some(7), Some(8)]);
        *value.next_mut(20) += 1;
        assert_eq!([19, 20, 21].map(|epoch| value.at(epoch).copied()), [Some(8), Some(8), Some(9)]);
    }

    #[test]
    fn a_record_is_the_tag_and_three_values() {
        let mut value = Versioned::default();
        *value.next_mut(4) = Clock { time: 5, height: 6 };
        *value.next_mut(5) = Clock { time: 7, height: 8 };
        assert_eq!(value.encode(), [5, 0, 0, 5, 6, 7, 8]);
        assert_eq!(Versioned::decode(&value.encode()), Ok(value));
    }

    proptest! {
        /// Against a plain history of all epochs.
        #[test]
        fn equals_the_full_history(changes in prop::collection::vec((0..4u64, any::<u32>()), 1..30)) {
            let (mut value, mut now, mut history) = (Versioned::default(), 0, vec![0u32; 200]);
            for (later, change) in changes {
                now += later;
                *value.next_mut(now) = change;
                history[usize::try_from(now).unwrap() + 1..].fill(change);
                for epoch in now.saturating_sub(1)..now + 3 {
                    prop_assert_eq!(value.at(epoch), Some(&history[usize::try_from(epoch).unwrap()]));
                }
            }
        }
    }
}
