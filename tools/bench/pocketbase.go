package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// pocketBase measures the house's API against PocketBase doing the nearest thing with its defaults:
// the same people, as many cases each and as many services on both sides, every request signed in but
// the search. The house's creations are durable and in the event chain; PocketBase's default is
// synchronous=NORMAL, so its are not yet on disk when it answers.
func pocketBase(ctx context.Context, b *bench) error {
	if b.pocketbase == "" {
		fmt.Println("pocketbase: no binary given; left out")
		return nil
	}
	if err := b.city.open(ctx); err != nil {
		return err
	}
	p, err := openPocket(ctx, b)
	if err != nil {
		return err
	}
	err = p.settle(ctx)
	if err == nil {
		err = b.against(ctx, p)
	}
	return errors.Join(err, p.proc.stop())
}

// pocket is a running PocketBase.
type pocket struct {
	b      *bench
	proc   *process
	addr   string
	people []pocketPerson
}

type pocketPerson struct {
	id, token string
	cases     []string
}

// openPocket starts PocketBase on a free port with a new data folder and waits until it answers.
func openPocket(ctx context.Context, b *bench) (*pocket, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	p := &pocket{b: b, addr: addr}
	p.proc, err = launch(ctx, nil, b.pocketbase, "serve", "--http", addr, "--dir", filepath.Join(b.dir, "pocketbase"))
	if err != nil {
		return nil, err
	}
	return p, until(ctx, 20*time.Millisecond, 20*time.Second, func() (bool, error) {
		return page(ctx, "http://"+addr+"/api/health") == nil, nil
	})
}

func (p *pocket) url(path string) string { return "http://" + p.addr + "/api/collections" + path }

// settle makes as many people, cases and services as the city has.
func (p *pocket) settle(ctx context.Context) error {
	var services []map[string]any
	if err := fetch(ctx, p.b.city.ready.APIURL+"/cities/"+slug+"/services", &services); err != nil {
		return err
	}
	for _, s := range services {
		one := map[string]any{"slug": s["id"], "city": slug, "name": s["name"], "about": s["about"], "keywords": s["group"], "rest": s}
		if err := post(ctx, p.url("/services/records"), one, nil); err != nil {
			return err
		}
	}
	p.people = make([]pocketPerson, len(p.b.city.people))
	errs := make([]error, len(p.people))
	var wg sync.WaitGroup
	for i := range p.people {
		wg.Go(func() { errs[i] = p.join(ctx, i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (p *pocket) join(ctx context.Context, i int) error {
	email, password := fmt.Sprintf("resident%d@city.example", i), "benchmark-1234"
	who := &p.people[i]
	err := post(ctx, p.url("/users/records"), map[string]any{"email": email, "password": password, "passwordConfirm": password}, nil)
	if err != nil {
		return err
	}
	var in struct {
		Token  string
		Record struct{ ID string }
	}
	if err := post(ctx, p.url("/users/auth-with-password"), map[string]any{"identity": email, "password": password}, &in); err != nil {
		return err
	}
	who.id, who.token = in.Record.ID, in.Token
	for n := range casesEach {
		var made struct{ ID string }
		if err := post(ctx, p.url("/cases/records"), json.RawMessage(p.newCase(i, -1, n)), &made, "Authorization", who.token); err != nil {
			return err
		}
		who.cases = append(who.cases, made.ID)
	}
	return nil
}

// newCase is a case as large as the house's: its state and timeline are JSON there too.
func (p *pocket) newCase(i, conn, n int) string {
	return fmt.Sprintf(`{"no":"C%dX%dX%dX%d","resident":"%s","city":"330100","service":"electricity-bill-payment","state":"draft","summary":"",`+
		`"data":{"step":"account","answers":{},"typed":{},"facts":{},"trail":[]},"log":[{"at":"2026-11-22T10:00:00Z","code":"opened","who":"you"}]}`,
		i, conn, n, time.Now().UnixNano(), p.people[i].id)
}

// against runs the four duels. Creating comes last, so that the others look at equal data.
func (b *bench) against(ctx context.Context, p *pocket) error {
	theirs := func(want int, ask func(conn, n int) []byte) scene {
		return scene{addr: p.addr, pid: p.proc.pid(), want: want, ask: ask}
	}
	list := url.QueryEscape("-updated")
	word := "缴费"
	filter := url.QueryEscape("city='" + slug + "' && (name~'" + word + "' || about~'" + word + "' || keywords~'" + word + "')")
	host := b.city.addr()
	for _, c := range []struct {
		what      string
		goal      float64
		us, them  func(conn, n int) []byte
		oursWant  int
		theirWant int
	}{
		{
			"get one case; against PocketBase", 5,
			b.city.each(func(who *citizen, n int) []byte {
				return request("GET", "/api/v1/cases/"+who.cases[n], host, "", "Authorization", "Bearer "+who.token)
			}),
			p.each(func(who pocketPerson, n int) []byte {
				return request("GET", "/api/collections/cases/records/"+who.cases[n], p.addr, "", "Authorization", who.token)
			}), 200, 200,
		},
		{
			"list 40 cases; against PocketBase", 6,
			b.city.each(func(who *citizen, _ int) []byte {
				return request("GET", "/api/v1/cases?limit=40", host, "", "Authorization", "Bearer "+who.token)
			}),
			p.each(func(who pocketPerson, _ int) []byte {
				return request("GET", "/api/collections/cases/records?perPage=40&sort="+list, p.addr, "", "Authorization", who.token)
			}), 200, 200,
		},
		{
			"search services; against PocketBase", 5,
			b.city.each(func(*citizen, int) []byte {
				return request("GET", "/api/v1/cities/"+slug+"/services?q="+url.QueryEscape(word), host, "")
			}),
			p.each(func(pocketPerson, int) []byte {
				return request("GET", "/api/collections/services/records?perPage=20&filter="+filter, p.addr, "")
			}), 200, 200,
		},
		{
			"create a case, durable; against PocketBase, not yet on disk", 4,
			b.city.each(func(who *citizen, _ int) []byte {
				return request("POST", "/api/v1"+openPath, host, emptyValues, "Authorization", "Bearer "+who.token)
			}),
			func(conn, n int) []byte {
				who := conn % len(p.people)
				return request("POST", "/api/collections/cases/records", p.addr, p.newCase(who, conn, n), "Authorization", p.people[who].token)
			}, 201, 200,
		},
	} {
		us, them, err := b.duel(ctx, c.what, b.city.scene(c.oursWant, c.us), theirs(c.theirWant, c.them))
		if err != nil {
			return err
		}
		b.versus(c.what, us, them, c.goal)
	}
	return b.sameAnswers(ctx, p, word, filter)
}

// sameAnswers makes sure that both sides found something: a quick empty answer would be no achievement.
func (b *bench) sameAnswers(ctx context.Context, p *pocket, word, filter string) error {
	var found []struct{ ID string }
	if err := fetch(ctx, b.city.ready.APIURL+"/cities/"+slug+"/services?q="+url.QueryEscape(word), &found); err != nil {
		return err
	}
	var theirs struct{ Items []struct{ Slug string } }
	if err := fetch(ctx, p.url("/services/records?perPage=20&filter="+filter), &theirs); err != nil {
		return err
	}
	if len(found) == 0 || len(theirs.Items) == 0 {
		return fmt.Errorf("searching %s found %d services here and %d there", word, len(found), len(theirs.Items))
	}
	var mine struct{ Cases []struct{ No string } }
	who := b.city.people[0]
	if err := b.city.ask(ctx, who, http.MethodGet, "/cases?limit=40", "", &mine); err != nil {
		return err
	}
	if len(mine.Cases) != 40 || strings.TrimSpace(mine.Cases[0].No) == "" {
		return fmt.Errorf("a list of 40 has %d cases", len(mine.Cases))
	}
	return nil
}

// each makes the requests of every resident ready: connection n is resident n's, case after case.
func (c *city) each(make func(who *citizen, n int) []byte) func(conn, n int) []byte {
	all := prepared(len(c.people), func(i, n int) []byte { return make(c.people[i], n) })
	return func(conn, n int) []byte { return all[conn%len(all)][n%casesEach] }
}

func (p *pocket) each(make func(who pocketPerson, n int) []byte) func(conn, n int) []byte {
	all := prepared(len(p.people), func(i, n int) []byte { return make(p.people[i], n) })
	return func(conn, n int) []byte { return all[conn%len(all)][n%casesEach] }
}

func prepared(people int, one func(i, n int) []byte) [][][]byte {
	all := make([][][]byte, people)
	for i := range all {
		for n := range casesEach {
			all[i] = append(all[i], one(i, n))
		}
	}
	return all
}
