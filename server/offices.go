package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"zhijian/console"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/office/cap"
	"zhijian/outside/office/fhir"
	"zhijian/outside/office/mapped"
	"zhijian/outside/office/transit"
)

// officeFile is one <system>.yaml of the offices folder (docs/offices.md).
type officeFile struct {
	Driver    string                 `yaml:"driver"`
	URL       string                 `yaml:"url"`
	Vehicles  string                 `yaml:"vehicles"`
	Trips     string                 `yaml:"trips"`
	Alerts    string                 `yaml:"alerts"`
	Timeout   time.Duration          `yaml:"timeout"`
	HalfOpen  time.Duration          `yaml:"half_open"`
	Fresh     time.Duration          `yaml:"fresh"`
	InFlight  int                    `yaml:"in_flight"`
	PerMinute int                    `yaml:"per_minute"`
	PerDay    int                    `yaml:"per_day"`
	Headers   map[string]headerValue `yaml:"headers"`
	Keep      map[string]keptCall    `yaml:"keep"`
	Stale     time.Duration          `yaml:"stale"`
	Calls     map[string]mapped.Call `yaml:"calls"`
}

// keptCall is how long a call's answers may be given again.
type keptCall time.Duration

// UnmarshalYAML reads "5m".
func (k *keptCall) UnmarshalYAML(n *yaml.Node) error {
	d, err := time.ParseDuration(n.Value)
	*k = keptCall(d)
	return err
}

// headerValue is a text, or {file: NAME} for a secret in a file of its own.
type headerValue struct {
	value string
	file  string
}

// UnmarshalYAML reads both forms.
func (h *headerValue) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		h.value = n.Value
		return nil
	}
	var x struct {
		File string `yaml:"file"`
	}
	if err := n.Decode(&x); err != nil || x.File == "" {
		return errors.New("a header is a text, or {file: NAME}")
	}
	h.file = x.File
	return nil
}

var officeName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,40}$`)

// mostOfficeFile bounds one file.
const mostOfficeFile = 256 << 10

// readOffices reads the folder of offices that speak languages of their own. No folder, no such offices; what is wrong in a file is told with its name.
func readOffices(dir string, watch clock.Clock) (_ map[string]office.Office, err error) {
	if dir == "" {
		return nil, nil
	}
	defer fault.Wrap(&err, "offices")
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	list := map[string]office.Office{}
	for _, path := range files {
		file := filepath.Base(path)
		name := strings.TrimSuffix(file, ".yaml")
		o, wrong := readOffice(root, file, name, watch)
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", file, wrong))
			continue
		}
		list[name] = o
	}
	return list, err
}

func readOffice(root *os.Root, file, name string, watch clock.Clock) (office.Office, error) {
	if !officeName.MatchString(name) || name == "sms" || name == "pay" || name == "console" {
		return office.Office{}, errors.New("the name of a system is small letters, digits and hyphens, and none of sms, pay, console")
	}
	b, err := root.ReadFile(file)
	if err != nil {
		return office.Office{}, err
	}
	if len(b) > mostOfficeFile {
		return office.Office{}, errors.New("the file is too large")
	}
	var f officeFile
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return office.Office{}, err
	}
	headers, err := f.secrets(root)
	if err != nil {
		return office.Office{}, err
	}
	for _, at := range []string{f.URL, f.Vehicles, f.Trips, f.Alerts} {
		if at != "" && !sheltered(at) {
			return office.Office{}, fmt.Errorf("address %q: want https; plain http only on loopback", at)
		}
	}
	o := office.Office{
		Timeout: f.Timeout, InFlight: f.InFlight, HalfOpen: f.HalfOpen, PerMinute: f.PerMinute, PerDay: f.PerDay, Stale: f.Stale, Kind: f.Driver, Cache: map[string]time.Duration{},
	}
	for call, d := range f.Keep {
		o.Cache[call] = time.Duration(d)
	}
	o.Driver, err = f.driver(name, headers, watch)
	if f.Driver == "json" {
		o.URL, err = f.URL, nil
	}
	return o, err
}

// driver makes the driver that a file names; nil for the house's own language.
func (f officeFile) driver(name string, headers map[string]seal.Text, watch clock.Clock) (office.Driver, error) {
	if len(f.Calls) > 0 && f.Driver != "http" {
		return nil, errors.New("calls are for the driver http")
	}
	switch f.Driver {
	case "json":
		return nil, nil
	case "http":
		return noNil(mapped.New(mapped.Config{Name: name, URL: f.URL, Timeout: f.Timeout, InFlight: f.InFlight, Headers: headers, Calls: f.Calls}))
	case "fhir":
		return noNil(fhir.New(fhir.Config{Name: name, URL: f.URL, Timeout: f.Timeout, InFlight: f.InFlight, Headers: headers, Clock: watch}))
	case "gtfs-realtime":
		return noNil(transit.New(transit.Config{Name: name, Vehicles: f.Vehicles, Trips: f.Trips, Alerts: f.Alerts, Timeout: f.Timeout, Fresh: f.Fresh, Headers: headers, Clock: watch}))
	case "cap":
		return noNil(cap.New(cap.Config{Name: name, URL: f.URL, Timeout: f.Timeout, Fresh: f.Fresh, Headers: headers, Clock: watch}))
	}
	return nil, fmt.Errorf("driver %q is none of json, http, fhir, gtfs-realtime, cap", f.Driver)
}

// noNil keeps a driver that was not made from being an interface that holds nothing.
func noNil[D office.Driver](d D, err error) (office.Driver, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}

// secrets reads the headers; a file of a secret lies in the folder and is readable by its owner alone.
func (f officeFile) secrets(root *os.Root) (map[string]seal.Text, error) {
	out := map[string]seal.Text{}
	for name, h := range f.Headers {
		value := h.value
		if h.file != "" {
			info, err := root.Stat(h.file)
			if err != nil {
				return nil, err
			}
			if info.Mode().Perm()&0o077 != 0 {
				return nil, fmt.Errorf("%s: mode is %v: others can read it; chmod 400", h.file, info.Mode().Perm())
			}
			b, err := root.ReadFile(h.file)
			if err != nil {
				return nil, err
			}
			value = strings.TrimSpace(string(b))
		}
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return nil, fmt.Errorf("headers.%s: the value is empty or holds control characters", name)
		}
		out[name] = seal.Plain(value)
	}
	return out, nil
}

// healths shows the console how the offices do.
type healths struct{ office *office.Client }

// Health implements console.Offices.
func (h healths) Health(ctx context.Context) ([]console.OfficeHealth, error) {
	list, err := h.office.Health(ctx)
	out := make([]console.OfficeHealth, 0, len(list))
	for _, x := range list {
		one := console.OfficeHealth{
			System: x.Name, Kind: x.Kind, Calls: x.Calls, Failures: x.Failures, Refusals: x.Refusals, TurnedAway: x.TurnedAway, P50: x.P50, P95: x.P95,
			LastSuccess: x.LastSuccess, Open: x.Open, Since: x.Since, Out: x.Out, Most: x.Most,
		}
		for _, q := range x.Quotas {
			one.Quotas = append(one.Quotas, console.OfficeQuota{Day: q.Window > time.Minute, Limit: q.Limit, Left: q.Left})
		}
		out = append(out, one)
	}
	return out, err
}
