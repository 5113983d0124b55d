package server

import (
	"context"
	"net"
	"net/netip"
	"net/url"
)

// SetupLink is the address at which the first operator is enrolled, once and within 15 minutes (security.md T79); empty when
// the house has staff, or does not listen on loopback, where alone the page answers. Each call makes a new one and ends
// the one before.
func (h *House) SetupLink(ctx context.Context) (string, error) {
	token, err := h.rooms.staff.OpenSetup(ctx)
	if err != nil || token == "" {
		return "", err
	}
	at, err := netip.ParseAddrPort(h.listener.Addr().String())
	if err != nil {
		return "", err
	}
	host := at.Addr().Unmap().WithZone("")
	switch {
	case host.IsUnspecified():
		host = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case !host.IsLoopback():
		h.c.Log.Warn("nobody is enrolled yet: start once with a loopback --addr to enrol the first operator", "addr", at.String())
		return "", nil
	}
	_, port, err := net.SplitHostPort(h.listener.Addr().String())
	if err != nil {
		return "", err
	}
	return "http://" + net.JoinHostPort(host.String(), port) + "/console/setup?token=" + url.QueryEscape(token), nil
}
