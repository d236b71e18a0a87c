"""Pillow's decoder of JPEG, which is private: what is used of it is there and behaves as it must."""

from picture_files import SIZE, drawn, saved
from PIL import Image

from emoji_mock.contract.geometry import Size
from emoji_mock.media.formats.pillow_decoders import read_jpeg


def test_the_decoder_says_how_many_bytes_it_has_consumed():
    """`Image.core.jpeg_decoder` takes mode, raw mode, colours, scale and draft, and returns a count and an error."""
    data = saved(drawn(), "JPEG")
    small = Image.new("RGB", (60, 80))
    decoder = Image.core.jpeg_decoder("RGB", "RGB", "", 8, 0)
    decoder.setimage(small.im, (0, 0, 60, 80))
    consumed, error = decoder.decode(data[: len(data) // 2])
    assert error == 0
    assert 0 < consumed <= len(data) // 2
    assert decoder.decode(data[consumed:]) == (-1, 0)
    assert small.getextrema() != ((0, 0), (0, 0), (0, 0))


def test_a_scan_is_complete_to_its_last_blocks():
    """Baseline and progressive alike: with the end marker cut off, a whole scan is complete and a shorter one is not."""
    for progressive in (False, True):
        data = saved(drawn(), "JPEG", progressive=progressive)[:-2]
        told = [
            read_jpeg(data[: len(data) - missing], "RGB", Size(*SIZE), buffered=progressive, ended=True)
            for missing in (0, 100, 5_000)
        ]
        assert told == [True, False, False]
