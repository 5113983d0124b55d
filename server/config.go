package server

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"zhijian/ground/clock"
	"zhijian/ui/component"
)

// Config is everything a house must be told. `zhijian serve --help` and docs/operate.md explain each.
type Config struct {
	// Data is the folder for the embedded database, keys and lock file. It is made when absent.
	Data string
	// Database is a postgres:// URL; empty means the embedded database in Data.
	Database string
	// Addr is where residents are served. Port 0 picks a free one.
	Addr string
	// Admin is where /metrics and pprof answer; loopback only unless AdminAnywhere. Empty turns them off.
	Admin string
	// Origin is how residents reach the house, "https://city.example"; empty means http:// and the address listened on,
	// which is allowed on loopback only.
	Origin string
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// World is where the outside is: offices, SMS gateway, payment channel.
	World World
	// Offices is a folder with <system>.yaml for each office that speaks a language of its own; empty for none.
	Offices string
	// Demo marks every page as demonstration data, opens the demonstration cities and refuses to listen beyond loopback.
	Demo bool
	// Catalogue is a folder whose cities/*.yaml and services/*.yaml stand beside the embedded ones, or in their place; empty for
	// none.
	Catalogue string
	// Node is the number of this node among those of one house, from 1, which is the default. It is in the log of visits.
	Node uint32
	// VisitKeys is a file with the keys of programs that may post visits; empty closes that door.
	VisitKeys string
	// Wechat is a file with the official accounts on WeChat, or on a platform that speaks as it does, whose messages come here; empty for none.
	Wechat string
	// Tiles lie under maps; the zero value for none, and then residents' browsers ask nobody else for anything.
	Tiles component.TileServer
	// Limits raises or lowers the per-address budgets; zero values mean the defaults of security.md part 8.
	Limits Limits
	// Space says when a filling disk makes the house refuse new cases; zero values mean the defaults of reliability.md R05.
	Space Space
	// Unsafe starts although a setting that is law differs (reliability.md part 3). Tests only.
	Unsafe bool
	// Clock and Log are required.
	Clock clock.Clock
	Log   *slog.Logger
}

// Limits are budgets that demonstrations and load programs raise; zero values mean the defaults of security.md part 8.
type Limits struct {
	// CodesPerClient is how many sign-in codes one address may ask for in an hour.
	CodesPerClient int
	// CodesPerPhone multiplies the budgets per phone.
	CodesPerPhone int
	// Rate multiplies the requests one address may make in a while.
	Rate int
	// MinProof is the least time a failed proof of identity takes; negative for none.
	MinProof time.Duration
	// LookupsPerClient is how many look-ups may fail in an hour from one address.
	LookupsPerClient int
	// LookupsAll is how many may fail in an hour in the whole house.
	LookupsAll int
	// RefundTakesTwo is the amount in fen from which two members of staff must agree to give money back.
	RefundTakesTwo int64
	// CasesPerDay is how many cases one resident may open in a day; negative for any number.
	CasesPerDay int
}

// LoadLimits are for load programs on loopback, where all residents share one address: they lift what an address may do. One
// budget of residents is lifted as well, because tools/crash has each of its dozen open hundreds of cases in a day. The
// budgets of a phone stay.
func LoadLimits() Limits {
	return Limits{CodesPerClient: 100_000, Rate: 1000, LookupsPerClient: 100_000, LookupsAll: 1_000_000, CasesPerDay: -1}
}

// demoLimits are for a demonstration: visitors, tests and tools/bench sign in as the same few people many times an hour, and
// its texts reach nobody.
func demoLimits() Limits {
	l := LoadLimits()
	l.CodesPerPhone = 20
	return l
}

// World names the systems outside. Its JSON is what `zhijian sandbox` prints.
type World struct {
	// URLs has the base URL of each office system by its key, and of "sms" and "pay".
	URLs map[string]string `json:"urls"`
	// Merchant is who we are to the payment channel.
	Merchant Merchant `json:"merchant"`
	// Imitation says that all of it is imitated: the house is then a demonstration (Config.Demo).
	Imitation bool `json:"imitation"`
}

// systems are the parts of the world that the embedded services and identity ask; one without an address is not connected.
var systems = []string{"traffic", "population", "bank", "electricity", "hall", "weather", "sms", "pay"}

// DrainFor is how long requests in flight may take after SIGTERM (reliability.md R26).
const DrainFor = 25 * time.Second

func (c *Config) check() error {
	var errs []error
	if c.Data == "" {
		errs = append(errs, errors.New("data folder is not set (--data)"))
	}
	if c.Clock == nil || c.Log == nil {
		errs = append(errs, errors.New("clock and log are required"))
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		errs = append(errs, fmt.Errorf("address %q: want HOST:PORT", c.Addr))
	} else if !loopback(host) {
		if c.Limits != (Limits{}) {
			errs = append(errs, fmt.Errorf("limits are lifted on loopback only, not on %q: they are all that slows a stranger down", c.Addr))
		}
		if c.Demo {
			errs = append(errs, fmt.Errorf("demo listens on loopback only, not on %q: its people, logins and payments are imitations", c.Addr))
		}
		if c.Origin == "" {
			errs = append(errs, fmt.Errorf("origin is not set (--origin): beyond loopback residents need to be told one https address"))
		}
	}
	if c.Origin != "" {
		if err := checkOrigin(c.Origin); err != nil {
			errs = append(errs, err)
		} else if u, err := url.Parse(c.Origin); err == nil && !loopback(u.Hostname()) && c.Limits != (Limits{}) {
			errs = append(errs, fmt.Errorf("limits are lifted on loopback only, not for residents at %q", c.Origin))
		}
	}
	if c.Admin != "" {
		if host, _, err := net.SplitHostPort(c.Admin); err != nil || !loopback(host) {
			errs = append(errs, fmt.Errorf("admin address %q: want a loopback HOST:PORT, metrics are not for strangers", c.Admin))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.World.URLs)) {
		if at := c.World.URLs[name]; at != "" && !sheltered(at) {
			errs = append(errs, fmt.Errorf("outside system %q: want an https address; plain http only on loopback (--outside)", name))
		}
	}
	return errors.Join(errs...)
}

// sheltered reports an address that nobody can listen to on the way: who a resident is and what they pay goes there.
func sheltered(address string) bool {
	u, err := url.ParseRequestURI(address)
	return err == nil && u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.User != nil {
		return fmt.Errorf("origin %q: want https://HOST", origin)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return fmt.Errorf("origin %q: want https; plain http only on loopback", origin)
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
