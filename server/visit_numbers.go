package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/store"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
)

// The numbers that the house gives itself begin here; below it are those that registries and integrators agree on among themselves
// (docs/visit-log.md). So neither can count into the other.
const ownNumbers = 1 << 31

// The numbers of services that a city has of its own begin here; below it are the kinds of the catalogue, for ever.
const ownServices = 1 << 15

// The spaces of store.Numbers.
const (
	placeSpace   = "place"   // region/service/account: what was visited
	personSpace  = "person"  // id of a resident
	serviceSpace = "service" // id of a service that is none of the kinds
)

// knownPeople residents are remembered with their numbers; the others cost a read.
const knownPeople = 1 << 16

// visitNumbers turns what doors say of a visit into numbers. Of one goroutine.
type visitNumbers struct {
	store    store.Numbers
	services map[string]uint16
	regions  *region.Tree
	places   map[string]uint32
	people   map[int64]uint32
}

func newVisitNumbers(s store.Numbers, f facts) *visitNumbers {
	n := &visitNumbers{store: s, services: map[string]uint16{}, regions: f.regions, places: map[string]uint32{}, people: map[int64]uint32{}}
	for _, k := range f.catalogue.Kinds("") {
		n.services[k.ID] = uint16(k.No)
	}
	return n
}

// levels are the numbers of the levels of government.
var levels = map[region.Level]uint8{region.Nation: 1, region.Province: 2, region.Prefecture: 3, region.County: 4}

// visit gives the visit as it is counted. The account is the place: a service in a region and the official account that answers for it,
// so that visits and people of any of the three add up exactly.
func (n *visitNumbers) visit(ctx context.Context, v door.Visit) (out visitlog.Visit, err error) {
	out = visitlog.Visit{At: clock.Millis(v.At), Kind: ndjson.Kinds[string(v.Kind)], Channel: uint8(v.Channel)}
	if out.Service, err = n.service(ctx, v.Service); err != nil {
		return out, err
	}
	if at, ok := n.regions.Find(v.Region); ok {
		code, err := strconv.ParseUint(at.Code, 10, 32)
		if err != nil {
			return out, fmt.Errorf("region of a visit: %w", err)
		}
		out.City, out.Level = uint32(code), levels[at.Level]
	}
	if out.Account, err = n.place(ctx, placeName(v)); err != nil || v.Resident == 0 {
		return out, err
	}
	out.Person, err = n.person(ctx, v.Resident)
	return out, err
}

// service gives the number of a kind of service, or one of its own to a service that a city has besides. 0 is none, and what comes when all
// numbers are given: the place still tells such services apart.
func (n *visitNumbers) service(ctx context.Context, id string) (uint16, error) {
	no, known := n.services[id]
	if known || !strings.HasPrefix(id, service.OwnPrefix) {
		return no, nil
	}
	own, err := n.store.Number(ctx, serviceSpace, id)
	if err != nil {
		return 0, err
	}
	if own < ownServices {
		no = uint16(ownServices + own)
	}
	n.services[id] = no
	return no, nil
}

func placeName(v door.Visit) string { return v.Region + "/" + v.Service + "/" + v.Account }

// placeOf takes the name of a place apart.
func placeOf(name string) (at Place, ok bool) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 {
		return Place{}, false
	}
	return Place{Region: parts[0], Service: parts[1], Account: parts[2]}, true
}

func (n *visitNumbers) place(ctx context.Context, name string) (uint32, error) {
	if own, ok := n.places[name]; ok {
		return own, nil
	}
	own, err := n.number(ctx, placeSpace, name)
	if err == nil {
		n.places[name] = own
	}
	return own, err
}

func (n *visitNumbers) person(ctx context.Context, resident int64) (uint32, error) {
	if own, ok := n.people[resident]; ok {
		return own, nil
	}
	own, err := n.number(ctx, personSpace, strconv.FormatInt(resident, 10))
	if err == nil {
		if len(n.people) >= knownPeople {
			clear(n.people)
		}
		n.people[resident] = own
	}
	return own, err
}

func (n *visitNumbers) number(ctx context.Context, space, name string) (uint32, error) {
	own, err := n.store.Number(ctx, space, name)
	if err == nil && own >= ownNumbers {
		err = fmt.Errorf("all %d numbers of space %s are given", ownNumbers, space)
	}
	return ownNumbers + own, err
}
