//! The data sets that can be fetched: where they lie, what they are, and what their files have to hold.
//!
//! Sizes, SHA-256 and addresses are those on record in TensorFlow Datasets 4.9.10, in `url_checksums/cifar10.txt`,
//! `cifar100.txt`, `mnist.txt` and `fashion_mnist.txt` of its package, for the very files that are fetched here. The
//! first server of MNIST is from torchvision 0.29.2 (`datasets/mnist.py`); files of either server have to have the same
//! SHA-256.

/// A data set on a server.
#[derive(Debug, Clone, Copy)]
pub struct DataSet {
    /// What it is called on the command line; also the name of its folder.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The `data.source` of a study that reads its folder.
    pub source: &'static str,
    /// Addresses of folders that hold every one of `files`, each ending in `/`; asked in this order.
    pub servers: &'static [&'static str],
    /// What is downloaded.
    pub files: &'static [RemoteFile],
    /// Page of the authors.
    pub home: &'static str,
    /// Licence or terms, as far as the authors state any.
    pub terms: &'static str,
    /// How its authors want to be cited.
    pub citation: &'static str,
}

/// A file on a server.
#[derive(Debug, Clone, Copy)]
pub struct RemoteFile {
    /// Its name on the server.
    pub name: &'static str,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the file in lower-case hexadecimal digits.
    pub sha256: &'static str,
    /// What is in it.
    pub packing: Packing,
}

/// How a file is packed, and what is taken out of it.
#[derive(Debug, Clone, Copy)]
pub enum Packing {
    /// A gzipped tar archive. Members that are not listed are passed over.
    TarGz(&'static [Member]),
    /// One gzipped file.
    Gz(Member),
}

/// A file that is unpacked.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its path in the archive. It is written under the last part of it.
    pub path: &'static str,
    /// Bytes that it has.
    pub size: Size,
}

/// How large a member is.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    /// It is there and has so many bytes.
    Exactly(u64),
    /// It may be missing, and has so many bytes at most.
    AtMost(u64),
}

impl Member {
    /// The name that it is written under.
    pub(crate) fn file_name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The most bytes that it may have.
    pub(crate) fn most(&self) -> u64 {
        match self.size {
            Size::Exactly(size) | Size::AtMost(size) => size,
        }
    }
}

impl DataSet {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        DATA_SETS.iter().find(|set| set.name == name)
    }

    /// Bytes to download.
    pub fn download_size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Bytes that it takes once it is unpacked, at most.
    pub fn unpacked_size(&self) -> u64 {
        let members = self.files.iter().flat_map(|file| file.packing.members());
        members.map(Member::most).sum()
    }
}

impl Packing {
    /// What is taken out.
    pub(crate) fn members(&self) -> &[Member] {
        match self {
            Self::TarGz(members) => members,
            Self::Gz(member) => std::slice::from_ref(member),
        }
    }
}

/// Names of classes and other texts are small.
const TEXT: Size = Size::AtMost(64 << 10);

const fn member(path: &'static str, size: Size) -> Member {
    Member { path, size }
}

/// Ten thousand records of a label and 3 × 32 × 32 pixels.
const CIFAR10_BATCH: Size = Size::Exactly(10_000 * 3073);

/// Records of two labels and 3 × 32 × 32 pixels.
const CIFAR100_RECORD: u64 = 3074;

const CIFAR_SERVER: &[&str] = &["https://www.cs.toronto.edu/~kriz/"];

const CIFAR_CITATION: &str = "Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images. Technical report, University of Toronto, 2009";

/// A gzipped IDX file with a header of `header` bytes and `count` items of `bytes` each.
const fn idx(
    [gz, plain]: [&'static str; 2],
    (header, count, bytes): (u64, u64, u64),
    size: u64,
    sha256: &'static str,
) -> RemoteFile {
    RemoteFile {
        name: gz,
        size,
        sha256,
        packing: Packing::Gz(member(plain, Size::Exactly(header + count * bytes))),
    }
}

const TRAIN_IMAGES: [&str; 2] = ["train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"];
const TRAIN_LABELS: [&str; 2] = ["train-labels-idx1-ubyte.gz", "train-labels-idx1-ubyte"];
const TEST_IMAGES: [&str; 2] = ["t10k-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte"];
const TEST_LABELS: [&str; 2] = ["t10k-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte"];

/// Header, count and bytes of images of 28 × 28 and of their labels.
const fn images(count: u64) -> (u64, u64, u64) {
    (16, count, 28 * 28)
}

const fn labels(count: u64) -> (u64, u64, u64) {
    (8, count, 1)
}

/// Every data set that can be fetched.
pub const DATA_SETS: &[DataSet] = &[
    DataSet {
        name: "cifar10",
        title: "CIFAR-10, binary version",
        source: "cifar10",
        servers: CIFAR_SERVER,
        files: &[RemoteFile {
            name: "cifar-10-binary.tar.gz",
            size: 170_052_171,
            sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            packing: Packing::TarGz(&[
                member("cifar-10-batches-bin/data_batch_1.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/data_batch_2.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/data_batch_3.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/data_batch_4.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/data_batch_5.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/test_batch.bin", CIFAR10_BATCH),
                member("cifar-10-batches-bin/batches.meta.txt", TEXT),
                member("cifar-10-batches-bin/readme.html", TEXT),
            ]),
        }],
        home: "https://www.cs.toronto.edu/~kriz/cifar.html",
        terms: "the authors state no licence, and ask that the technical report be cited",
        citation: CIFAR_CITATION,
    },
    DataSet {
        name: "cifar100",
        title: "CIFAR-100, binary version",
        source: "cifar100",
        servers: CIFAR_SERVER,
        files: &[RemoteFile {
            name: "cifar-100-binary.tar.gz",
            size: 168_513_733,
            sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            packing: Packing::TarGz(&[
                member("cifar-100-binary/train.bin", Size::Exactly(50_000 * CIFAR100_RECORD)),
                member("cifar-100-binary/test.bin", Size::Exactly(10_000 * CIFAR100_RECORD)),
                member("cifar-100-binary/fine_label_names.txt", TEXT),
                member("cifar-100-binary/coarse_label_names.txt", TEXT),
            ]),
        }],
        home: "https://www.cs.toronto.edu/~kriz/cifar.html",
        terms: "the authors state no licence, and ask that the technical report be cited",
        citation: CIFAR_CITATION,
    },
    DataSet {
        name: "mnist",
        title: "MNIST",
        source: "idx",
        servers: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        files: &[
            idx(
                TRAIN_IMAGES,
                images(60_000),
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            idx(
                TRAIN_LABELS,
                labels(60_000),
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            idx(
                TEST_IMAGES,
                images(10_000),
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            idx(
                TEST_LABELS,
                labels(10_000),
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ],
        home: "http://yann.lecun.com/exdb/mnist/",
        terms: "Creative Commons Attribution-ShareAlike 3.0 by the documentation of Keras, which names Yann LeCun and \
                Corinna Cortes as copyright holders; the files themselves state none",
        citation: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-Based Learning Applied to Document Recognition. \
                   Proceedings of the IEEE 86(11), 1998",
    },
    DataSet {
        name: "fashion-mnist",
        title: "Fashion-MNIST",
        source: "idx",
        servers: &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        files: &[
            idx(
                TRAIN_IMAGES,
                images(60_000),
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            idx(
                TRAIN_LABELS,
                labels(60_000),
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            idx(
                TEST_IMAGES,
                images(10_000),
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            idx(
                TEST_LABELS,
                labels(10_000),
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ],
        home: "https://github.com/zalandoresearch/fashion-mnist",
        terms: "MIT licence, © 2017 Zalando SE",
        citation: "Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking \
                   Machine Learning Algorithms. arXiv:1708.07747, 2017",
    },
];
