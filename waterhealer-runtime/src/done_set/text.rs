//! Bytes as text: 13 bits in two of 91 signs, all of them ASCII, none a space, a quote or a backslash. Metadata is text to
//! brokers and to other clients, and 91 signs hold an eighth more than the 64 of base64.

/// Signs that stand for nothing.
const LEFT_OUT: &[u8] = b"\"'\\";
const SIGNS: usize = 91;
const ALPHABET: [u8; SIGNS] = alphabet();
/// What a byte stands for; `SIGNS` for nothing.
const MEANING: [u8; 256] = meaning();

const fn alphabet() -> [u8; SIGNS] {
    let mut signs = [0; SIGNS];
    let (mut count, mut sign) = (0, b'!');
    while count < SIGNS {
        if sign != LEFT_OUT[0] && sign != LEFT_OUT[1] && sign != LEFT_OUT[2] {
            signs[count] = sign;
            count += 1;
        }
        sign += 1;
    }
    signs
}

const fn meaning() -> [u8; 256] {
    let mut meaning = [SIGNS as u8; 256];
    let mut sign = 0;
    while sign < SIGNS {
        meaning[ALPHABET[sign] as usize] = sign as u8;
        sign += 1;
    }
    meaning
}

/// How many bytes fit so many signs.
pub(super) const fn room(signs: usize) -> usize {
    (signs / 2 * 13 + signs % 2 * 6) / 8
}

pub(super) fn write(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 16 / 13 + 2);
    let mut sign = |value: u32| text.push(char::from(ALPHABET[value as usize % SIGNS]));
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits |= u32::from(*byte) << held;
        held += 8;
        if held >= 13 {
            let pair = bits & 0x1fff;
            sign(pair % SIGNS as u32);
            sign(pair / SIGNS as u32);
            bits >>= 13;
            held -= 13;
        }
    }
    if held > 0 {
        sign(bits % SIGNS as u32);
        // Six bits fit one sign.
        if held > 6 {
            sign(bits / SIGNS as u32);
        }
    }
    text
}

/// The bytes; `None` if this cannot have been written here.
pub(super) fn read(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(room(text.len()));
    let (mut bits, mut held) = (0_u32, 0_u32);
    for pair in text.chunks(2) {
        let mut value = 0;
        for sign in pair.iter().rev() {
            let meaning = u32::from(MEANING[usize::from(*sign)]);
            if meaning == SIGNS as u32 {
                return None;
            }
            value = value * SIGNS as u32 + meaning;
        }
        let width = if pair.len() == 2 { 13 } else { 6 };
        if value >> width != 0 {
            return None;
        }
        bits |= value << held;
        held += width;
        while held >= 8 {
            bytes.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    }
    (bits == 0).then_some(bytes)
}
