//! Writes the JSON schemas of the token's messages to `schema/`.

use cosmwasm_schema::write_api;
use cw20_base::msg::QueryMsg;
use mesg_api::token::{ExecuteMsg, InstantiateMsg, MigrateMsg};

fn main() {
    write_api! {
        name: "mesg-token",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
