//! Building and signing a transaction (SIGN_MODE_DIRECT).

use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw,
    mode_info::{Single, Sum},
};
use prost::Message as _;

use crate::{Account, Coin, Error, Message, SigningKey};

/// `SIGN_MODE_DIRECT`.
const DIRECT: i32 = 1;

/// What a transaction says, apart from who signs it.
pub(crate) struct Content<'a> {
    pub messages: &'a [Message],
    pub memo: &'a str,
    /// 0 for none.
    pub timeout_height: u64,
    pub gas_limit: u64,
    pub fee: Option<Coin>,
}

/// Who signs it, and where.
pub(crate) struct Signer<'a> {
    pub key: &'a SigningKey,
    pub address: &'a str,
    pub chain_id: &'a str,
    pub account: Account,
}

impl Signer<'_> {
    /// The raw bytes of the signed transaction.
    pub(crate) fn sign(&self, content: &Content<'_>) -> Result<Vec<u8>, Error> {
        let mut tx = self.unsigned(content)?;
        let doc = SignDoc {
            body_bytes: tx.body_bytes.clone(),
            auth_info_bytes: tx.auth_info_bytes.clone(),
            chain_id: self.chain_id.to_owned(),
            account_number: self.account.number,
        };
        tx.signatures = vec![self.key.sign(&doc.encode_to_vec())?.to_vec()];
        Ok(tx.encode_to_vec())
    }

    /// For a simulation: the place of the signature is there, but empty.
    pub(crate) fn simulated(&self, content: &Content<'_>) -> Result<Vec<u8>, Error> {
        Ok(self.unsigned(content)?.encode_to_vec())
    }

    fn unsigned(&self, content: &Content<'_>) -> Result<TxRaw, Error> {
        let messages = content.messages.iter();
        let body = TxBody {
            messages: messages.map(|m| m.to_any(self.address)).collect(),
            memo: content.memo.to_owned(),
            timeout_height: content.timeout_height,
            ..Default::default()
        };
        let auth = AuthInfo {
            signer_infos: vec![self.signer_info()?],
            fee: Some(Fee {
                amount: content.fee.iter().map(Coin::to_proto).collect(),
                gas_limit: content.gas_limit,
                payer: String::new(),
                granter: String::new(),
            }),
            ..Default::default()
        };
        Ok(TxRaw {
            body_bytes: body.encode_to_vec(),
            auth_info_bytes: auth.encode_to_vec(),
            signatures: vec![Vec::new()],
        })
    }

    fn signer_info(&self) -> Result<SignerInfo, Error> {
        let mode = Sum::Single(Single { mode: DIRECT });
        Ok(SignerInfo {
            public_key: Some(self.key.public_any()?),
            mode_info: Some(ModeInfo { sum: Some(mode) }),
            sequence: self.account.sequence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
    use secrecy::SecretString;

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn signed_bytes_verify_and_repeat() {
        let key = SigningKey::account(&SecretString::from(TEST_MNEMONIC), 0).unwrap();
        let account = Account { number: 3, sequence: 4 };
        let signer = Signer { key: &key, address: "me", chain_id: "c-1", account };
        let messages = [Message::execute("market", &"tick").unwrap()];
        let content = Content {
            messages: &messages,
            memo: "",
            timeout_height: 20,
            gas_limit: 100_000,
            fee: Some(Coin::new(2_500, "ucosm")),
        };
        let raw = signer.sign(&content).unwrap();
        assert_eq!(raw, signer.sign(&content).unwrap());

        let tx = TxRaw::decode(raw.as_slice()).unwrap();
        let body = TxBody::decode(tx.body_bytes.as_slice()).unwrap();
        assert_eq!(body.timeout_height, 20);
        let auth = AuthInfo::decode(tx.auth_info_bytes.as_slice()).unwrap();
        assert_eq!(auth.signer_infos[0].sequence, 4);
        assert_eq!(auth.fee.unwrap().gas_limit, 100_000);
        let doc = SignDoc {
            body_bytes: tx.body_bytes,
            auth_info_bytes: tx.auth_info_bytes,
            chain_id: "c-1".into(),
            account_number: 3,
        };
        let verifying = VerifyingKey::from_sec1_bytes(&key.public_key()).unwrap();
        let signature = Signature::from_slice(&tx.signatures[0]).unwrap();
        verifying.verify(&doc.encode_to_vec(), &signature).unwrap();
    }
}
