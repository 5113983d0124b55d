package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/catalog"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/outside/office"
	"zhijian/sandbox"
	"zhijian/server"
)

type serviceCmd struct {
	Check serviceCheckCmd `cmd:"" help:"Check definitions: every mistake with its line, in plain sentences."`
	Test  serviceTestCmd  `cmd:"" help:"Run the definitions' own test cases against the imitation offices."`
	New   serviceNewCmd   `cmd:"" help:"Print a new definition to fill in."`
}

type serviceCheckCmd struct {
	Files     []string `arg:"" optional:"" type:"existingfile" help:"Definitions; none means those of the folder, or those the binary carries."`
	Catalogue string   `type:"existingdir" help:"Folder with services and cities of your own, as serve takes it."`
}

var errDefinitions = errors.New("some definitions cannot be used")

// Run checks and says what is wrong; advice does not fail the check.
func (c serviceCheckCmd) Run() error {
	if len(c.Files) == 0 {
		return checkAll(c.Catalogue)
	}
	catalogue, _ := service.LoadCatalogue(catalog.FS)
	bad := false
	for _, file := range c.Files {
		if own := ownFolder(file, "cities", "bases"); own != "" {
			if err := checkAll(own); err != nil { // a pack makes sense beside its services only
				return err
			}
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		problems, advice := check(filepath.ToSlash(file), src, catalogue)
		for _, p := range problems {
			fmt.Println(p)
			bad = true
		}
		for _, p := range advice {
			fmt.Println(p, "(advice)")
		}
		if len(problems) == 0 {
			fmt.Println(file + ": in order")
		}
	}
	if bad {
		return errDefinitions
	}
	return nil
}

// checkAll checks a catalogue whole: the embedded one, and over it the folder, if any.
func checkAll(folder string) error {
	catalogue, problems := service.LoadCatalogue(server.Shelf(folder, true))
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		return errDefinitions
	}
	for _, file := range ownServices(folder) {
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, advice := check(filepath.ToSlash(file), src, catalogue)
		for _, p := range advice {
			fmt.Println(p, "(advice)")
		}
		id := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if _, ok := catalogue.OfferNear("", id); !ok && !strings.Contains(id, "@") {
			fmt.Printf("%s: no city offers it yet; a pack in cities/ switches it on. (advice)\n", file)
		}
	}
	fmt.Printf("%d definitions, %d bundles and %d cities are in order.\n", len(catalogue.Definitions()), len(catalogue.AllBundles()), len(catalogue.Cities()))
	return nil
}

// check reads a file as what it is: in a folder bundles, or with a list of members, a bundle; a definition otherwise.
func check(file string, src []byte, c *service.Catalogue) (problems, advice []service.Problem) {
	if path.Base(path.Dir(file)) == "bundles" || service.LooksLikeBundle(src) {
		return service.CheckBundle(file, src, c)
	}
	return service.Check(file, src, c)
}

type serviceTestCmd struct {
	Services  []string `arg:"" optional:"" help:"Service ids, or files; none means all, of the folder if there is one."`
	Catalogue string   `type:"existingdir" help:"Folder with services, cities and imitation offices of your own, as demo takes it."`
	City      string   `default:"330100" help:"GB/T 2260 code of the city whose bindings are used; a service that it does not offer is tested where it is offered."`
	Seed      int64    `default:"1" help:"Which imitation people there are."`
	Channels  []string `enum:"page,api,chat" help:"Where residents meet the cases: page, api, chat; none means all."`
	Keep      string   `help:"Keep the cases between two steps in an empty database: the path of a new file, or a postgres:// URL. In memory when absent."`
}

// silence is how long a silent office is waited for: its own answer would have come at once.
const silence = 20 * time.Millisecond

// Run walks each definition through its own cases against real HTTP offices, on pages, over the API and in a chat: each channel in a world of
// its own, all at once.
func (c serviceTestCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	drop, err := c.open()
	defer drop()
	if err != nil {
		return err
	}
	catalogue, problems := service.LoadCatalogue(server.Shelf(c.Catalogue, true))
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		return errDefinitions
	}
	for _, id := range c.Services {
		if !catalogue.Carries(id) {
			return fmt.Errorf("there is no service %q; give its id, its file, or its folder with --catalogue", id)
		}
	}
	channels := c.Channels
	if len(channels) == 0 {
		channels = []string{"page", "api", "chat"}
	}
	open, shut, err := c.keeper(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shut()) }()
	lines, errs := make([][]string, len(channels)), make([]error, len(channels))
	var all sync.WaitGroup
	for i, name := range channels {
		all.Go(func() { lines[i], errs[i] = c.rehearse(ctx, log, catalogue, name, open) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	failed, run := 0, 0
	for _, line := range slices.Concat(lines...) {
		fmt.Println(line)
		run++
		if strings.HasPrefix(line, "FAIL") {
			failed++
		}
	}
	fmt.Printf("%d passed, %d failed\n", run-failed, failed)
	if failed > 0 {
		return errors.New("service tests failed")
	}
	if run == 0 {
		return errors.New("nothing was tested: write examples under tests")
	}
	return nil
}

// rehearse runs the tests in one channel and gives a line each.
func (c serviceTestCmd) rehearse(ctx context.Context, log *slog.Logger, catalogue *service.Catalogue, name string, open func() service.Keep) (lines []string, err error) {
	watch := clock.At((&clock.System{}).Now())
	channels, err := channelsOf(ctx, watch)
	if err != nil {
		return nil, err
	}
	for _, d := range catalogue.Definitions() {
		if len(c.Services) > 0 && !slices.Contains(c.Services, d.ID) {
			continue
		}
		offer := c.offer(catalogue, d)
		results, err := c.stage(ctx, log, watch, service.Stage{Offer: offer, Channel: channels[name](offer), Open: open})
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if len(r.Bad) == 0 {
				lines = append(lines, fmt.Sprintf("ok    %s %s: %s", offer.Definition.ID, name, r.Name))
				continue
			}
			lines = append(lines, fmt.Sprintf("FAIL  %s:%d %s: %s\n      %s", offer.Definition.ID, r.Line, name, r.Name, strings.Join(r.Bad, "\n      ")))
		}
	}
	return lines, nil
}

// keeper opens the database that cases are kept in; a nil one for memory.
func (c serviceTestCmd) keeper(ctx context.Context, log *slog.Logger) (open func() service.Keep, shut func() error, err error) {
	if c.Keep == "" {
		return nil, func() error { return nil }, nil
	}
	r, err := server.OpenRehearsal(ctx, c.Keep, log)
	if err != nil {
		return nil, nil, err
	}
	return func() service.Keep { return r.Case(ctx) }, r.Close, nil
}

// stage runs one definition's tests in a world of its own, so that no service finds what another one did there.
func (c serviceTestCmd) stage(ctx context.Context, log *slog.Logger, watch *clock.Fixed, at service.Stage) (_ []service.TestResult, err error) {
	world, err := sandbox.Start(ctx, sandbox.Config{Seed: c.Seed, Clock: watch, HangFor: silence, Own: server.Imitations(c.Catalogue)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, world.Close(context.WithoutCancel(ctx))) }()
	offices := map[string]office.Office{}
	for name, url := range world.URLs() {
		offices[name] = office.Office{URL: url, Timeout: 10 * time.Second}
	}
	client, err := office.New(office.Config{Offices: offices, Clock: watch, Log: log})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	people := world.Residents()
	at.People = func(n int) service.Me {
		p := people[n%len(people)]
		me := service.Me{Name: p.Name, CitizenNumber: p.CitizenNumber, Phone: "+86" + p.Phone}
		for _, v := range p.Vehicles {
			me.Plates = append(me.Plates, v.Plate)
		}
		for i, k := range p.Children {
			id := strconv.Itoa(i + 1)
			me.People = append(me.People, service.Person{ID: id, Name: k.Name, CitizenNumber: k.CitizenNumber, Relation: "child"})
			me.Others = append(me.Others, service.Other{Ref: "child/" + id, Name: k.Name, CitizenNumber: k.CitizenNumber})
		}
		other := people[(n+1)%len(people)]
		me.People = append(me.People, service.Person{ID: "9", Name: other.Name, CitizenNumber: other.CitizenNumber, Relation: "parent"})
		me.Others = append(me.Others, service.Other{Ref: "mandate/9", Name: other.Name, CitizenNumber: other.CitizenNumber})
		return me
	}
	at.Office = func(now time.Time, system, call, key string, with map[string]any) (map[string]any, error) {
		if _, there := offices[system]; !there {
			return nil, fmt.Errorf("there is no imitation office %q; sandbox/README.md lists them, and the folder sandbox in your own may have more", system)
		}
		watch.Advance(max(0, now.Sub(watch.Now()))) // offices work on while the test waits
		return client.Call(ctx, system, call, key, with)
	}
	at.Now = watch.Now().Add(time.Minute)
	return at.Run(), nil
}

type serviceNewCmd struct {
	ID string `arg:"" help:"One of the kinds in catalog/kinds/kinds.csv, or a name of your own that begins with own-."`
}

// Run prints a definition that loads as it is.
func (c serviceNewCmd) Run() error {
	catalogue, _ := service.LoadCatalogue(catalog.FS)
	src := service.Blank(c.ID, catalogue)
	if problems, _ := service.Check("id", src, catalogue); len(problems) > 0 {
		return errors.New(problems[0].Say)
	}
	_, err := os.Stdout.Write(src)
	return err
}
