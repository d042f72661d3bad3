//! `runner-agent`: see README.md.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Parser, Subcommand};
use mesg_chain_client::SigningKey;
use mesg_runner_agent::agent::{Agent, AgentError};
use mesg_runner_agent::attestation_key::{AttestationSeed, path};
use mesg_runner_agent::config::{Config, ConfigError};
use mesg_runner_agent::secret::{DEFAULT_VARIABLE, SecretSource};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Environment variable with the level of logs, such as `info` or `mesg_runner_agent=debug`.
const LOG: &str = "RUNNER_AGENT_LOG";
/// The level without it.
const DEFAULT_LOG: &str = "info,rusqlite_migration=warn";

/// Runs the tasks of MESG Market for one operator's runners.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Works until SIGTERM or SIGINT. Logs are JSON lines on standard error, level by RUNNER_AGENT_LOG.
    Run {
        /// The configuration.
        file: PathBuf,
    },
    /// Looks at a configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Shows public keys; never secrets.
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Says whether the file can be used, secrets included.
    Check {
        /// The configuration.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Prints one JSON object a line. Without --config the mnemonic is taken from RUNNER_AGENT_MNEMONIC.
    Show {
        /// The configuration that says where the mnemonics are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Public attestation keys, as runners are registered with, instead of the operator's address.
        #[arg(long)]
        attestation: bool,
        /// Accounts 0 to N − 1.
        #[arg(long, default_value_t = 1)]
        accounts: u32,
        /// Number of the attestation keys: 0 at registration, one more at each rotation.
        #[arg(long, default_value_t = 0)]
        key_no: u16,
        /// Bech32 prefix of the operator's address, if there is no configuration.
        #[arg(long, default_value = "wasm")]
        prefix: String,
    },
}

/// What ends the program with status 1.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Agent(#[from] AgentError),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run { file } => run(&file),
        Command::Config(ConfigCommand::Check { file }) => check(&file),
        Command::Key(KeyCommand::Show { config, attestation, accounts, key_no, prefix }) => {
            show(config.as_deref(), attestation.then_some(key_no), accounts, prefix)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("runner-agent: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &Path) -> Result<(), Failure> {
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::load(file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(AgentError::Io)?;
    let outcome = runtime.block_on(work(config));
    // A run of a task cannot be interrupted; it says nothing any more, so it is not waited for.
    runtime.shutdown_background();
    match outcome {
        Err(AgentError::Stopped) => Ok(()),
        outcome => Ok(outcome?),
    }
}

async fn work(config: Config) -> Result<(), AgentError> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stopping.cancel();
    });
    let agent = Agent::start(config, &stop).await?;
    agent.run(stop).await
}

fn check(file: &Path) -> Result<(), Failure> {
    let config = Config::load(file)?;
    operator(&config.operator.mnemonic, config.operator.account)?;
    AttestationSeed::new(&config.attestation_mnemonic().read().map_err(AgentError::from)?).map_err(AgentError::from)?;
    println!("{} can be used", file.display());
    Ok(())
}

fn operator(mnemonic: &SecretSource, account: u32) -> Result<SigningKey, AgentError> {
    Ok(SigningKey::account(&mnemonic.read()?, account)?)
}

fn show(config: Option<&Path>, attestation: Option<u16>, accounts: u32, prefix: String) -> Result<(), Failure> {
    let config = config.map(Config::load).transpose()?;
    let default = SecretSource::Env(DEFAULT_VARIABLE.to_owned());
    if let Some(key_no) = attestation {
        let source = config.as_ref().map_or(&default, Config::attestation_mnemonic);
        return Ok(show_attestation(source, accounts, key_no)?);
    }
    let source = config.as_ref().map_or(&default, |config| &config.operator.mnemonic);
    let first = config.as_ref().map_or(0, |config| config.operator.account);
    let prefix = config.as_ref().map_or(prefix, |config| config.chain.prefix.clone());
    Ok(show_operator(source, first, accounts, &prefix)?)
}

fn show_operator(source: &SecretSource, first: u32, accounts: u32, prefix: &str) -> Result<(), AgentError> {
    for account in first..first.saturating_add(accounts) {
        let address = operator(source, account)?.address(prefix)?;
        println!("{}", serde_json::json!({ "account": account, "address": address }));
    }
    Ok(())
}

fn show_attestation(source: &SecretSource, accounts: u32, key_no: u16) -> Result<(), AgentError> {
    let seed = AttestationSeed::new(&source.read()?)?;
    for account in 0..accounts {
        let key = seed.key(account, key_no)?.public_key();
        let (hex, base64) = (hex::encode(key), STANDARD.encode(key));
        let path = path(account, key_no);
        let line = serde_json::json!({ "account": account, "path": path, "public_key": hex, "base64": base64 });
        println!("{line}");
    }
    Ok(())
}
