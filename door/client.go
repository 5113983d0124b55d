package door

import (
	"net/http"
	"net/netip"
	"strings"
)

// client finds the address a request came from. X-Forwarded-For is believed only as far as known proxies wrote it:
// the rightmost address that is no proxy of ours is the client, so that whatever the client itself sent in that header
// changes nothing (security.md T15). An address that cannot be read is the zero Addr and shares one bucket.
func (d *Door) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := peer.Addr().Unmap().WithZone("")
	if len(d.c.Proxies) == 0 || !d.proxy(addr) {
		return addr
	}
	lines := r.Header["X-Forwarded-For"]
	for i := len(lines) - 1; i >= 0; i-- {
		rest := lines[i]
		for more := true; more; {
			part := rest
			if at := strings.LastIndexByte(rest, ','); at >= 0 {
				rest, part = rest[:at], rest[at+1:]
			} else {
				more = false
			}
			next, err := netip.ParseAddr(strings.TrimSpace(part))
			if err != nil {
				return addr
			}
			addr = next.Unmap().WithZone("")
			if !d.proxy(addr) {
				return addr
			}
		}
	}
	return addr
}

func (d *Door) proxy(a netip.Addr) bool {
	for _, p := range d.c.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// block is what a rate is charged to: an IPv4 address, or the /64 that one IPv6 customer has.
func block(a netip.Addr) netip.Addr {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
