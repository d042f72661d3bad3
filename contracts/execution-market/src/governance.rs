//! Who governs the market, what is proposed, and the switch: kept apart from everything that holds money (6).

use cosmwasm_std::{Addr, Api, StdResult, Storage};
use mesg_api::market::Permission;
use mesg_api::pause::PAUSE;
use mesg_api::record_map::RecordMap;
use mesg_protocol::clock::Deadline;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::params::Params;

use crate::error::ContractError;
use crate::state::{Beacon, text};

/// Roles. A state without the record has none: nobody.
const ROLES: RecordMap<(), Roles> = RecordMap::new("g/");
/// The pending row of parameters.
pub const PROPOSED_PARAMS: RecordMap<(), Proposed<Params>> = RecordMap::new("n/");
/// The pending beacon; its number is given when it comes into force.
pub const PROPOSED_BEACON: RecordMap<(), Proposed<Beacon>> = RecordMap::new("y/");

/// Prefixes in use here.
pub const PREFIXES: [&str; 4] = [ROLES.prefix(), PROPOSED_PARAMS.prefix(), PROPOSED_BEACON.prefix(), PAUSE.prefix()];

/// Who may do what, beside the users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Proposes changes and names the pauser.
    pub owner: Option<Addr>,
    /// To whom the owner's role is offered, and until when in unix seconds.
    pub offer: Option<(Addr, u64)>,
    /// Pauses and unpauses.
    pub pauser: Option<Addr>,
}

impl Roles {
    /// The roles of this market.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(ROLES.may_load(storage, ())?.unwrap_or_default())
    }

    /// Keeps them.
    pub fn save(&self, storage: &mut dyn Storage) {
        ROLES.save(storage, (), self);
    }

    /// Puts those who are named in their roles; the others stay.
    pub fn name(&mut self, api: &dyn Api, owner: Option<&str>, pauser: Option<&str>) -> StdResult<()> {
        if let Some(owner) = owner {
            self.owner = Some(api.addr_validate(owner)?);
        }
        if let Some(pauser) = pauser {
            self.pauser = Some(api.addr_validate(pauser)?);
        }
        Ok(())
    }

    /// Whether `who` has, at `now`, the role that a permission asks for.
    pub fn has(&self, needed: Permission, who: &Addr, now: u64) -> bool {
        let holder = match needed {
            Permission::Owner => self.owner.as_ref(),
            Permission::Pauser => self.pauser.as_ref(),
            Permission::OfferedOwner => self.offer.as_ref().filter(|(_, until)| now < *until).map(|(to, _)| to),
            _ => None,
        };
        holder == Some(who)
    }
}

const LAYOUT: u8 = 1;

/// Nobody is written as an empty address.
fn write_somebody(somebody: Option<&Addr>, out: &mut Writer) {
    out.bytes(somebody.map_or(&[], |address| address.as_bytes()));
}

fn read_somebody(input: &mut Reader<'_>) -> Result<Option<Addr>, CodecError> {
    Ok(Some(text(input)?).filter(|address| !address.is_empty()).map(Addr::unchecked))
}

impl Record for Roles {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        write_somebody(self.owner.as_ref(), out);
        write_somebody(self.pauser.as_ref(), out);
        write_somebody(self.offer.as_ref().map(|(to, _)| to), out);
        out.int(self.offer.as_ref().map_or(0, |(_, until)| *until));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let (owner, pauser, to) = (read_somebody(input)?, read_somebody(input)?, read_somebody(input)?);
        let until = input.int()?;
        Ok(Self { owner, offer: to.map(|to| (to, until)), pauser })
    }
}

/// A change under notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed<T> {
    /// From when on it may be applied.
    pub eta: Deadline,
    /// What comes into force.
    pub change: T,
}

impl<T: Record> Record for Proposed<T> {
    fn write(&self, out: &mut Writer) {
        self.eta.write(out);
        self.change.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { eta: Deadline::read(input)?, change: T::read(input)? })
    }
}

/// Refuses while the system is paused. Only what brings something in asks: every exit stays open.
pub fn check_running(storage: &dyn Storage) -> Result<(), ContractError> {
    if PAUSE.has(storage, ()) { Err(ContractError::Paused) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> Roles {
        let address = |name: &str| Addr::unchecked(name);
        Roles { owner: Some(address("owner")), offer: Some((address("next"), 500)), pauser: Some(address("pauser")) }
    }

    #[test]
    fn records_come_back() {
        for roles in [roles(), Roles::default(), Roles { offer: None, ..roles() }, Roles { owner: None, ..roles() }] {
            assert_eq!(Roles::decode(&roles.encode()), Ok(roles));
        }
    }

    #[test]
    fn each_role_is_its_holders_only() {
        let has = |needed, who: &str, now| roles().has(needed, &Addr::unchecked(who), now);
        for (needed, holder) in [(Permission::Owner, "owner"), (Permission::Pauser, "pauser")] {
            for who in ["owner", "next", "pauser", ""] {
                assert_eq!(has(needed, who, 1), who == holder, "{needed:?} by {who}");
            }
        }
        assert!(has(Permission::OfferedOwner, "next", 499));
        assert!(!has(Permission::OfferedOwner, "next", 500), "the offer is over");
        assert!(!has(Permission::OfferedOwner, "owner", 499));
        assert!(!has(Permission::Token, "owner", 1));
        assert!(!Roles::default().has(Permission::Owner, &Addr::unchecked(""), 1), "nobody is not the empty address");
    }
}
