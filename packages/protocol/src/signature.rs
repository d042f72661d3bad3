//! secp256k1 signatures, 64 bytes r|s: only the one with the lower s is accepted (2.6), so that nobody can make a
//! second valid signature out of a first one.

/// Half the order of the curve, big-endian: the largest low s.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e,
    0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// Whether `signature` has 64 bytes and an s of at most half the curve's order.
pub fn is_low_s(signature: &[u8]) -> bool {
    match signature.split_first_chunk::<32>() {
        Some((_, s)) => s.len() == 32 && s <= HALF_ORDER.as_slice(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use k256::ecdsa::Signature;
    use k256::ecdsa::signature::hazmat::PrehashSigner;

    use super::*;

    #[test]
    fn only_the_lower_twin_is_accepted() {
        let key = k256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        for message in 0..32u8 {
            let low: Signature = key.sign_prehash(&[message; 32]).unwrap();
            let low = low.normalize_s().unwrap_or(low);
            let high = Signature::from_scalars(low.r().to_bytes(), (-*low.s()).to_bytes()).unwrap();
            assert!(is_low_s(&low.to_bytes()));
            assert!(!is_low_s(&high.to_bytes()));
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        assert!(is_low_s(&[0; 64]));
        assert!(!is_low_s(&[0; 63]));
        assert!(!is_low_s(&[0; 65]));
        assert!(!is_low_s(&[]));
    }
}
