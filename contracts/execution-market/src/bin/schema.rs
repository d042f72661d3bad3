//! Writes the JSON schema of the contract's messages to `schema/`.

use cosmwasm_schema::write_api;
use mesg_api::market::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "mesg-execution-market",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
