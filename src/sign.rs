//! Signing alone, as a WebAssembly module of its own (feature `sign`): whoever only signs neither downloads nor compiles the
//! client. Its face is pkg-template/src/sign.js.

use crate::auth::{Credentials, TEN, TOKEN_LEN};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What the face reads, in this order.
#[repr(C)]
struct Signed {
    token: [u8; TOKEN_LEN],
    timespan: [u8; TEN],
}

thread_local! {
    /// Whom [`sign`] signs for, and where the face reads a Token and its Timespan from: handing over a `String` costs more than
    /// the MD5 itself.
    static SIGNER: RefCell<(Option<Credentials>, Signed)> =
        const { RefCell::new((None, Signed { token: [0; TOKEN_LEN], timespan: [0; TEN] })) };
}

/// Tells [`sign`] whom to sign for from now on: handing over both texts costs more than the MD5 too. Gives nought, or where
/// one of them cannot sign and nobody is signed for, 1 for an empty key, 2 for one with a control character inside, 3 and 4
/// for such a secret key.
#[wasm_bindgen(js_name = setSigner)]
pub fn set_signer(key: &str, secret_key: &str) -> u32 {
    let (signer, fault) = match Credentials::new(key, secret_key) {
        Ok(credentials) => (Some(credentials), 0),
        Err(error) => {
            let of_secret = u32::from(error.field == "secretKey");
            (None, 1 + 2 * of_secret + u32::from(!error.empty))
        }
    };
    SIGNER.with_borrow_mut(|(current, _)| *current = signer);
    fault
}

/// Signs, and says where in memory the 32 characters of the Token stand until the next call, and after them the Timespan's if
/// they are ten. Zero where there is nobody to sign for.
#[wasm_bindgen]
pub fn sign(timespan: f64) -> *const u8 {
    SIGNER.with_borrow_mut(|(signer, signed)| match signer {
        Some(credentials) => {
            signed.token = *credentials.sign(timespan as u64).token_bytes();
            if let Some(digits) = credentials.ten_digits() {
                signed.timespan = digits;
            }
            signed.token.as_ptr()
        }
        None => std::ptr::null(),
    })
}

/// The instance's memory.
#[wasm_bindgen(js_name = linearMemory)]
pub fn linear_memory() -> JsValue {
    wasm_bindgen::memory()
}
