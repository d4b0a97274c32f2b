//! TensorBoard's event files (`events.out.tfevents…`).
//!
//! Read by hand: what is wanted are four fields of a protocol buffer, and the crates that read such files (`tboard`,
//! `tfrecord`) bring all of TensorFlow's messages.

mod crc32c;
mod event;
mod record;
mod wire;

pub(super) use record::is_record;

use super::table::Table;
use event::scalars;
use record::Records;

/// The scalars of an event file, a row each: its step, and its value under its tag.
pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let mut table = Table::default();
    let step = table.column("step");
    let mut records = Records::new(bytes);
    for record in &mut records {
        let scalars = scalars(record?).map_err(|_| "a record with a fitting checksum holds no event".to_owned())?;
        for scalar in scalars {
            let tag = table.column(scalar.tag);
            table.row(vec![(step, scalar.step.to_string()), (tag, scalar.text)]);
        }
    }
    if records.is_torn {
        table.note("its last record is cut short and left out");
    }
    Ok(table)
}

/// The data of each record of a good file.
#[cfg(test)]
pub(super) fn contents(bytes: &[u8]) -> Vec<Vec<u8>> {
    Records::new(bytes).map(|record| record.unwrap().to_vec()).collect()
}

/// A file of one record.
#[cfg(test)]
pub(super) fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut file = length.to_vec();
    file.extend(crc32c::masked(&length).to_le_bytes());
    file.extend(data);
    file.extend(crc32c::masked(data).to_le_bytes());
    file
}
