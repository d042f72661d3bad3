//! Writes the JSON schemas of the registry's messages to `schema/`.

use cosmwasm_schema::write_api;
use mesg_api::registry::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "mesg-registry",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
