"""Addresses to which a proxy that other machines reach never connects."""

import pytest

from emoji_mock.server.proxy.addresses import is_internal


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.170.2", "224.0.0.251"),
        *("255.255.255.255", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "fd00:ec2::254", "fd20:ce::254"),
        *("::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::ffff:0:169.254.169.254", "::127.0.0.1", "64:ff9b::a9fe:a9fe"),
        *("64:ff9b::100.100.100.200", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
        *("2001:0:a9fe:a9fe::1", "2001:0:102:304:0:0:5601:5601", "2001:db8::5efe:127.0.0.1"),
    ],
)
def test_addresses_of_this_machine_and_its_cloud_are_internal(address):
    """Also where they stand in another address, by which they may be reached."""
    assert is_internal(address)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.216.34", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.100.100.201", "100.64.0.1", "168.63.129.17"),
        *("2606:2800:220:1:248:1893:25c8:1946", "fd00::1", "fd00:ec3::254", "::ffff:10.0.0.1", "64:ff9b::5db8:d822"),
        *("2002:5db8:d822::1", "2001:4860:4860::8888"),
    ],
)
def test_others_are_not(address):
    """A private network is reached: whoever reaches the proxy is mostly in it."""
    assert not is_internal(address)
