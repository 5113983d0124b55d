package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// city is the demonstration city under test, in a process of its own.
type city struct {
	b      *bench
	data   string
	proc   *process
	ready  ready
	people []*citizen
}

// ready is the line that zhijian demo --json prints, as far as it is needed.
type ready struct {
	BaseURL string            `json:"base_url"`
	APIURL  string            `json:"api_url"`
	Admin   string            `json:"admin_url"`
	Sandbox map[string]string `json:"sandbox"`
	Logins  struct {
		Residents []struct {
			Level    string            `json:"level"`
			Phone    string            `json:"phone"`
			Plates   []string          `json:"plates"`
			Accounts map[string]string `json:"accounts"`
		} `json:"residents"`
	} `json:"logins"`
}

// citizen is a resident at L4 with a token of the API, which is also the session of the pages.
type citizen struct {
	phone, plate, account, token string
	cases                        []string
}

const (
	casesEach = 125 // cases that every citizen has before anything is measured
	slug      = "hangzhou"
)

func newCity(b *bench) *city { return &city{b: b, data: filepath.Join(b.dir, "city")} }

// open starts the city once; the first time its people sign in and open cases.
func (c *city) open(ctx context.Context) error {
	if c.proc != nil {
		return nil
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	if c.people != nil {
		return nil
	}
	return c.settle(ctx)
}

func (c *city) start(ctx context.Context) error {
	p, err := launch(ctx, nil, c.b.binary, "demo", "--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data", c.data, "--json")
	if err != nil {
		return err
	}
	c.proc, c.ready = p, ready{}
	return json.Unmarshal(p.line, &c.ready)
}

// shut stops the city; open starts it again on the same data.
func (c *city) shut() error {
	p := c.proc
	c.proc = nil
	return p.stop()
}

func (c *city) close() error { return c.shut() }

// scene is something to ask of the city.
func (c *city) scene(want int, ask func(conn, n int) []byte) scene {
	return scene{addr: c.addr(), pid: c.proc.pid(), want: want, ask: ask, admin: c.ready.Admin}
}

func (c *city) addr() string { return strings.TrimPrefix(c.ready.BaseURL, "http://") }

// settle signs the residents in and gives each of them cases.
func (c *city) settle(ctx context.Context) error {
	for _, r := range c.ready.Logins.Residents {
		if r.Level != "L4" {
			continue
		}
		who := &citizen{phone: r.Phone, plate: r.Plates[0], account: r.Accounts["electricity"]}
		if err := c.signIn(ctx, who); err != nil {
			return fmt.Errorf("sign a resident in: %w", err)
		}
		c.people = append(c.people, who)
	}
	if len(c.people) == 0 {
		return errors.New("the city has no residents at L4")
	}
	var wg sync.WaitGroup
	errs := make([]error, len(c.people))
	for i, who := range c.people {
		wg.Go(func() {
			for range casesEach {
				var opened struct{ No string }
				if errs[i] = c.ask(ctx, who, http.MethodPost, openPath, emptyValues, &opened); errs[i] != nil {
					return
				}
				who.cases = append(who.cases, opened.No)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

const (
	openPath    = "/cities/" + slug + "/services/electricity-bill-payment/cases"
	emptyValues = `{"values":{}}`
)

func (c *city) signIn(ctx context.Context, who *citizen) error {
	var asked struct{ Challenge string }
	if err := c.ask(ctx, who, http.MethodPost, "/login/code", `{"phone":"`+who.phone+`"}`, &asked); err != nil {
		return err
	}
	var box struct{ Messages []struct{ Code string } }
	if err := fetch(ctx, c.ready.Sandbox["sms"]+"/inbox?phone="+url.QueryEscape(who.phone), &box); err != nil {
		return err
	}
	if len(box.Messages) == 0 {
		return errors.New("no code came")
	}
	var in struct{ Token string }
	code := box.Messages[len(box.Messages)-1].Code
	if err := c.ask(ctx, who, http.MethodPost, "/login", `{"phone":"`+who.phone+`","code":"`+code+`","challenge":"`+asked.Challenge+`"}`, &in); err != nil {
		return err
	}
	who.token = in.Token
	return nil
}

// ask sends a request of the API as a resident.
func (c *city) ask(ctx context.Context, who *citizen, method, path, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.ready.APIURL+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if who.token != "" {
		r.Header.Set("Authorization", "Bearer "+who.token)
	}
	return do(r, into)
}

func fetch(ctx context.Context, url string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	return do(r, into)
}

// post sends JSON and reads JSON. headers come in pairs.
func post(ctx context.Context, url string, body, into any, headers ...string) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return do(r, into)
}

func do(r *http.Request, into any) error {
	if r.Method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d %.300s", r.Method, r.URL.Path, answer.StatusCode, b)
	}
	if into == nil || len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, into)
}

// until asks again until done says so.
func until(ctx context.Context, every, most time.Duration, done func() (bool, error)) error {
	took := stopwatch()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		if took() > most {
			return fmt.Errorf("it did not happen within %v", most)
		}
		pause(ctx, every)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// copyDatabase copies the database of the city, which must be shut, and gives the copy's path.
func (c *city) copyDatabase(name string) (string, error) {
	to := filepath.Join(c.b.dir, name)
	b, err := os.ReadFile(filepath.Join(c.data, "zhijian.db"))
	if err != nil {
		return "", err
	}
	return to, os.WriteFile(to, b, 0o600)
}
