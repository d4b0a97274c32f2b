//! Rows that polars has grouped, as the kernel takes them.

use polars::prelude::{
    Column, DataFrame, Float64Chunked, GroupPositions, GroupsIndicator, PolarsResult, polars_ensure, polars_err,
};

/// The groups of rows of a frame with equal keys, in the order of their first rows.
pub(crate) struct Groups<'a> {
    frame: &'a DataFrame,
    keys: Vec<Column>,
    positions: GroupPositions,
}

impl<'a> Groups<'a> {
    /// Groups `frame` by the columns `keys`.
    pub(crate) fn new<const N: usize>(frame: &'a DataFrame, keys: [&str; N]) -> PolarsResult<Self> {
        Self::from(frame, frame.select_to_vec(keys)?)
    }

    /// Groups `frame` by a column that is not in it.
    pub(crate) fn by(frame: &'a DataFrame, key: Column) -> PolarsResult<Self> {
        Self::from(frame, vec![key])
    }

    fn from(frame: &'a DataFrame, keys: Vec<Column>) -> PolarsResult<Self> {
        let grouped = frame.group_by_with_series(keys, true, true)?;
        Ok(Self {
            frame,
            keys: grouped.keys(),
            positions: grouped.into_groups(),
        })
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.positions.len()
    }

    /// How many rows a group has.
    pub(crate) fn size(&self, group: usize) -> usize {
        self.positions.get(group).len()
    }

    /// The rows of a group.
    pub(crate) fn rows(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        let (listed, first, length) = match self.positions.get(group) {
            GroupsIndicator::Idx((_, rows)) => (rows.as_slice(), 0, 0),
            GroupsIndicator::Slice([first, length]) => (&[][..], first, length),
        };
        let listed = listed.iter().map(|row| *row as usize);
        listed.chain((first..first + length).map(|row| row as usize))
    }

    /// What `of` gives for each row of a group.
    fn gather<T>(&self, group: usize, of: impl Fn(usize) -> T) -> Vec<T> {
        match self.positions.get(group) {
            GroupsIndicator::Idx((_, rows)) => rows.iter().map(|row| of(*row as usize)).collect(),
            GroupsIndicator::Slice([first, length]) => (first..first + length).map(|row| of(row as usize)).collect(),
        }
    }

    /// The values of one key, by group; `key` counts the keys from 0.
    pub(crate) fn key(&self, key: usize) -> PolarsResult<&Column> {
        let missing = || polars_err!(ColumnNotFound: "key {} of {}", key, self.keys.len());
        self.keys.get(key).ok_or_else(missing)
    }

    /// The values of the first two keys, of type u32, by group.
    pub(crate) fn first_two_keys(&self) -> PolarsResult<Vec<[u32; 2]>> {
        let (first, second) = (self.key(0)?.u32()?, self.key(1)?.u32()?);
        let pairs = first.iter().flatten().zip(second.iter().flatten());
        Ok(pairs.map(|(first, second)| [first, second]).collect())
    }

    /// A column of type f64 without nulls, to be asked for the values of single groups.
    pub(crate) fn floats(&self, column: &str) -> PolarsResult<GroupedFloats<'_>> {
        let values = self.frame.column(column)?.f64()?;
        polars_ensure!(values.null_count() == 0, ComputeError: "column `{}` has nulls", column);
        let values = values.rechunk().into_owned();
        // What follows reads the values as one slice.
        values.cont_slice()?;
        Ok(GroupedFloats { groups: self, values })
    }
}

/// The values of one column by group.
pub(crate) struct GroupedFloats<'a> {
    groups: &'a Groups<'a>,
    values: Float64Chunked,
}

impl GroupedFloats<'_> {
    /// The values of a group, in the order of the rows.
    pub(crate) fn of(&self, group: usize) -> Vec<f64> {
        let values = self.values.cont_slice().unwrap_or_default();
        // A row of a group is one of the frame.
        self.groups
            .gather(group, |row| values.get(row).copied().unwrap_or(f64::NAN))
    }
}
