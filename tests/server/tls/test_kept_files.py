"""An authority that a team keeps in a folder: created once, loaded after that, and refused where it is not sound."""

import os
import shutil
import stat
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from emoji_mock._support import files
from emoji_mock.server.tls import certificates, kept_files
from emoji_mock.server.tls.authority import Authority

DAY = timedelta(days=1)
CERTIFICATE, KEY = "emoji-mock-ca.pem", "emoji-mock-ca.key"
needs_modes = pytest.mark.skipif(os.name != "posix", reason="Windows has no permissions for others")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with an authority."""
    folder = tmp_path_factory.mktemp("made")
    kept_files.find(folder)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it, to be damaged."""
    return shutil.copytree(made, tmp_path / "ca")


def names(folder):
    """Return the names in `folder`."""
    return sorted(path.name for path in folder.iterdir())


def text(key, *chain):
    """Return the text of a private key's file."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return b"".join([private, *(one.public_bytes(Encoding.PEM) for one in chain)])


def put(folder, key, *chain):
    """Replace what is in `folder`."""
    (folder / KEY).write_bytes(text(key, *chain))
    (folder / CERTIFICATE).write_bytes(chain[-1].public_bytes(Encoding.PEM) if chain else b"")


def authority_with(replaced, *extensions):
    """Return the key and the chain of an authority whose extensions of the class `replaced` are others."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    sound, chain = certificates.create(certificates.FOR_YEARS), []
    for one, private in ((sound.issuing, key), (sound.root, root_key)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(one.subject)
            .issuer_name(one.issuer)
            .public_key(private.public_key())
            .serial_number(one.serial_number)
            .not_valid_before(one.not_valid_before_utc)
            .not_valid_after(one.not_valid_after_utc)
        )
        kept = [(each.value, each.critical) for each in one.extensions if not isinstance(each.value, replaced)]
        for value, is_critical in (*kept, *extensions):
            builder = builder.add_extension(value, is_critical)
        chain.append(builder.sign(root_key, hashes.SHA256()))
    return key, *chain


def test_it_is_created_once(tmp_path):
    """The first call makes the folder and its files, the key for its owner alone; the next one finds them."""
    folder = tmp_path / "a" / "b"
    first = Authority.kept_in(folder)
    assert names(folder) == [KEY, CERTIFICATE]
    assert (folder / CERTIFICATE).read_bytes() == first.certificate
    again = Authority.kept_in(folder)
    assert (again.certificate, again.public_key_hash) == (first.certificate, first.public_key_hash)


@needs_modes
def test_the_private_key_is_for_its_owner_alone(made):
    """Nobody else can read the key; what is to be trusted, everybody can."""
    modes = {name: stat.S_IMODE((made / name).stat().st_mode) for name in (KEY, CERTIFICATE)}
    assert modes[KEY] == 0o600
    assert modes[CERTIFICATE] & 0o044


def test_it_lasts_for_years(made):
    """A kept authority ends in five years; what it issues for a server does not."""
    authority = kept_files.find(made)
    left = authority.root.not_valid_after_utc - certificates.now()
    assert timedelta(days=5 * 365 - 1) < left <= timedelta(days=5 * 365)


def test_a_lost_certificate_is_written_again(folder):
    """The file of the key has all that is needed: as when a process ended between the two files."""
    before = (folder / CERTIFICATE).read_bytes()
    (folder / CERTIFICATE).unlink()
    kept_files.find(folder)
    assert (folder / CERTIFICATE).read_bytes() == before


@needs_modes
def test_a_folder_that_cannot_be_written_is_enough(folder, monkeypatch):
    """An authority that is there is only read."""
    monkeypatch.setattr(files, "write", None)
    monkeypatch.setattr(kept_files, "_create", None)
    assert kept_files.find(folder).root.public_bytes(Encoding.PEM) == (folder / CERTIFICATE).read_bytes()


def test_threads_that_create_at_once_get_the_same(tmp_path):
    """Of several that find nothing, one creates the files, and the others take these."""
    barrier, found = Barrier(6), []

    def find():
        barrier.wait()
        found.append(kept_files.find(tmp_path))

    threads = [Thread(target=find) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.root for one in found}) == 1
    assert len(found) == 6
    assert names(tmp_path) == [KEY, CERTIFICATE]


def test_the_faster_of_two_processes_is_kept(tmp_path, monkeypatch):
    """What appears just before our own file would, is taken in its place."""
    link, others = os.link, []

    def link_too_late(source, path):
        monkeypatch.setattr(os, "link", link)
        others.append(kept_files.find(tmp_path))
        link(source, path)

    monkeypatch.setattr(os, "link", link_too_late)
    assert kept_files.find(tmp_path).root == others[0].root
    assert names(tmp_path) == [KEY, CERTIFICATE]


def test_files_that_appear_between_two_looks_are_taken(tmp_path, monkeypatch):
    """Another process may create both files just after this one has found none."""
    lexists = os.path.lexists

    def look_before_the_other(path):
        monkeypatch.setattr(os.path, "lexists", lexists)
        found = lexists(path)
        kept_files.find(tmp_path)
        return found

    monkeypatch.setattr(os.path, "lexists", look_before_the_other)
    assert kept_files.find(tmp_path).root == kept_files.find(tmp_path).root


def test_a_file_system_without_links_will_do(tmp_path, monkeypatch):
    """Some network folders have no links: the file is moved there."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert kept_files.find(tmp_path).root == kept_files.find(tmp_path).root
    assert names(tmp_path) == [KEY, CERTIFICATE]


def test_nothing_is_left_after_an_error(tmp_path, monkeypatch):
    """A full disk leaves no part of a file, and the error names the file that was to be."""

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        kept_files.find(tmp_path)
    assert caught.value.filename == str(tmp_path / KEY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "below"])
def test_the_folder_may_not_be_a_file(tmp_path, below):
    """Nor may a folder above it."""
    (tmp_path / "ca").write_text("")
    with pytest.raises(NotADirectoryError, match="is a file where a folder belongs"):
        kept_files.find(tmp_path / "ca" / below)


def _no_key(folder):
    (folder / KEY).unlink()


def _not_pem(folder):
    (folder / KEY).write_text("not a key")


def _empty(folder):
    (folder / KEY).write_bytes(b"")


def _cut(folder):
    content = (folder / KEY).read_bytes()
    (folder / KEY).write_bytes(content[:-100])


def _broken(folder):
    content = (folder / KEY).read_bytes()
    (folder / KEY).write_bytes(content.replace(b"CERTIFICATE-----\nM", b"CERTIFICATE-----\nN"))


def _too_large(folder):
    (folder / KEY).write_bytes(b" " * 65_537)


def _with_password(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    (folder / KEY).write_bytes(secret)


def _another_key(folder):
    authority = kept_files.find(folder)
    put(folder, ec.generate_private_key(ec.SECP256R1()), authority.issuing, authority.root)


def _another_certificate(folder):
    other = certificates.create(certificates.FOR_YEARS)
    (folder / CERTIFICATE).write_bytes(other.root.public_bytes(Encoding.PEM))


def _empty_certificate(folder):
    (folder / CERTIFICATE).write_bytes(b"")


def _broken_certificate(folder):
    content = (folder / CERTIFICATE).read_bytes()
    (folder / CERTIFICATE).write_bytes(content.replace(b"M", b"*", 1))


def _made_elsewhere(folder):
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    (folder / KEY).write_bytes(text(key))


def _one_certificate(folder):
    authority = kept_files.find(folder)
    put(folder, authority.key, authority.root)


def _two_roots(folder):
    one, other = (certificates.create(certificates.FOR_YEARS) for _ in range(2))
    put(folder, one.key, one.issuing, other.root)


def _no_authority(folder):
    leaf = (x509.BasicConstraints(ca=False, path_length=None), True)
    put(folder, *authority_with(x509.BasicConstraints, leaf))


def _no_constraints(folder):
    put(folder, *authority_with(x509.NameConstraints))


def _constraints_that_may_be_ignored(folder):
    put(folder, *authority_with(x509.NameConstraints, (certificates.CONSTRAINTS, False)))


def _wider_constraints(folder):
    subtrees = [*certificates.CONSTRAINTS.permitted_subtrees, x509.DNSName("example.com")]
    wider = x509.NameConstraints(permitted_subtrees=subtrees, excluded_subtrees=None)
    put(folder, *authority_with(x509.NameConstraints, (wider, True)))


def _a_link(folder):
    (folder / KEY).rename(folder / "elsewhere.key")
    (folder / KEY).symlink_to("elsewhere.key")


def _a_dead_link(folder):
    (folder / KEY).unlink()
    (folder / KEY).symlink_to("nowhere")


def _a_link_to_the_certificate(folder):
    (folder / CERTIFICATE).rename(folder / "elsewhere.pem")
    (folder / CERTIFICATE).symlink_to("elsewhere.pem")


CASES = {
    _no_key: "emoji-mock-ca.pem: its private key, emoji-mock-ca.key, is missing; remove both files",
    _broken: "emoji-mock-ca.key: holds a certificate that cannot be read; remove both files",
    _not_pem: "emoji-mock-ca.key: holds no private key that can be read; remove both files",
    _empty: "emoji-mock-ca.key: holds no private key that can be read; remove both files",
    _cut: "emoji-mock-ca.key: is not as emoji-mock writes it, which uses no other authority; remove both files",
    _too_large: "emoji-mock-ca.key: has more than 65,536 bytes; remove both files",
    _with_password: "emoji-mock-ca.key: holds no private key that can be read; remove both files",
    _another_key: "emoji-mock-ca.key: its private key does not belong to its certificate; remove both files",
    _another_certificate: "emoji-mock-ca.pem: does not belong to the private key in emoji-mock-ca.key; remove both files",
    _empty_certificate: "emoji-mock-ca.pem: does not belong to the private key in emoji-mock-ca.key; remove both files",
    _broken_certificate: "emoji-mock-ca.pem: holds a certificate that cannot be read; remove both files",
    _made_elsewhere: "emoji-mock-ca.key: is not as emoji-mock writes it, which uses no other authority; remove both files",
    _one_certificate: "emoji-mock-ca.key: is not as emoji-mock writes it, which uses no other authority; remove both files",
    _two_roots: "emoji-mock-ca.key: a certificate in it was not issued by the other; remove both files",
    _no_authority: "emoji-mock-ca.key: a certificate in it is not an authority's; remove both files",
    _no_constraints: "emoji-mock-ca.key: is not constrained to the hosts that this version of emoji-mock serves",
    _constraints_that_may_be_ignored: "emoji-mock-ca.key: is not constrained to the hosts that this version",
    _wider_constraints: "emoji-mock-ca.key: is not constrained to the hosts that this version of emoji-mock serves",
    _a_link: "emoji-mock-ca.key: is a symbolic link; put the file itself there",
    _a_dead_link: "emoji-mock-ca.key: is a symbolic link; put the file itself there",
    _a_link_to_the_certificate: "emoji-mock-ca.pem: is a symbolic link; put the file itself there",
}


@pytest.mark.parametrize(("damage", "message"), CASES.items(), ids=[damage.__name__ for damage in CASES])
def test_files_that_are_not_sound_are_refused(folder, damage, message):
    """Each message names the file, what is wrong with it, and what to do; no file is changed."""
    damage(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.exists()}
    with pytest.raises(ValueError) as caught:
        kept_files.find(folder)
    assert str(caught.value).startswith(f"{folder}{os.sep}{message}")
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.exists()} == before


@needs_modes
def test_a_key_that_others_can_read_is_refused(folder):
    """As ssh does; the message is the command that helps."""
    (folder / KEY).chmod(0o640)
    with pytest.raises(ValueError) as caught:
        kept_files.find(folder)
    path = folder / KEY
    assert str(caught.value) == f"{path}: others can read this private key (mode 0640); run chmod 600 {path}"


@pytest.mark.parametrize(("lasting", "problem"), [(-DAY, "ended on {:%Y-%m-%d}"), (6 * DAY, "ends on {:%Y-%m-%d}")])
def test_an_authority_at_its_end_is_refused(folder, lasting, problem):
    """A server that starts now may run for a week: an authority must last so long."""
    authority = certificates.create(lasting)
    put(folder, *authority)
    with pytest.raises(ValueError) as caught:
        kept_files.find(folder)
    assert f"{KEY}: {problem.format(authority.root.not_valid_after_utc)}; remove both" in str(caught.value)


def test_an_authority_of_the_future_is_refused(folder, monkeypatch):
    """Where the clock is far behind, no client would accept what is issued."""
    authority = kept_files.find(folder)
    begin = authority.root.not_valid_before_utc
    monkeypatch.setattr(certificates, "now", lambda: begin - DAY)
    with pytest.raises(ValueError) as caught:
        kept_files.find(folder)
    assert f"{KEY}: begins on {begin:%Y-%m-%d}; set the clock" in str(caught.value)


def test_the_constraints_are_the_vendors_hosts():
    """A root permits the hosts that the server has a certificate for, and no more."""
    permitted = [str(one.value) for one in certificates.CONSTRAINTS.permitted_subtrees]
    assert permitted == [
        "dashscope.aliyuncs.com",
        "maas.aliyuncs.com",
        "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
        "dashscope-finance.aliyuncs.com",
        "dashscope-intl.aliyuncs.com",
        "dashscope-result-bj.oss-cn-beijing.aliyuncs.com",
        "dashscope-us.aliyuncs.com",
        "localhost",
        "127.0.0.0/8",
        "::1/128",
    ]


def test_a_new_folder_is_its_owners_alone_to_write_in(tmp_path):
    """Else others could replace the key there."""
    before = os.umask(0)
    try:
        Authority.kept_in(tmp_path / "kept")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "kept" / "emoji-mock-ca.key").stat().st_mode) == 0o600
