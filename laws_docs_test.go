package zhijian

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/sandbox"
	"zhijian/server"
	"zhijian/testkit"
)

// house opens a whole house once: routes, events and the API's description come from the real wiring.
var house = sync.OnceValues(func() (*server.House, error) { return openHouse() })

func openHouse() (*server.House, error) {
	dir, err := os.MkdirTemp("", "zhijian-laws-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, watch := testkit.Context(), &clock.System{}
	world, err := sandbox.Start(ctx, sandbox.Config{Seed: 1, People: 8, Clock: watch})
	if err != nil {
		return nil, err
	}
	defer func() { _ = world.Close(ctx) }()
	h, err := server.Open(ctx, server.Config{
		Data: dir, Addr: "127.0.0.1:0", Clock: watch, Log: slog.New(slog.DiscardHandler), Demo: true,
		World: server.World{URLs: world.URLs(), Merchant: server.Merchant(world.Merchant())},
	})
	if err != nil {
		return nil, err
	}
	return h, h.Close()
}

func opened(t *testing.T) *server.House {
	t.Helper()
	h, err := house()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestStepUpRoutes: what a stolen session alone must not open says so in its route (security.md T09), and nothing else does:
// services, proofs and paying ask for no extra step.
func TestStepUpRoutes(t *testing.T) {
	want := []string{"GET /me/export", "POST /me/mandates/accept", "POST /me/sessions/others"}
	sensitive := regexp.MustCompile(`export|others|delete|close|/me/(phone|card)`)
	var got []string
	for _, r := range opened(t).Routes() {
		at := r.Method + " " + r.Path
		switch {
		case r.Fresh > 0:
			got = append(got, at)
			if r.Fresh > identity.FreshFor {
				t.Errorf("%s is open for %v after a step-up, the law is %v", at, r.Fresh, identity.FreshFor)
			}
		case r.Access.Level() > 0 && sensitive.MatchString(r.Path):
			t.Errorf("%s is open to a stolen session: set Fresh", at)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("routes that want a step-up are %q, the law is %q", got, want)
	}
}

func TestFreshRoutes(t *testing.T) { fresh(t, "docs/routes.md", opened(t).RoutesDoc()) }
func TestFreshEvents(t *testing.T) { fresh(t, "docs/events.md", opened(t).EventsDoc()) }
func TestFreshStates(t *testing.T) { fresh(t, "docs/states.md", server.StatesDoc()) }

func TestFreshIndexOfServices(t *testing.T) {
	index, problems := service.Index(os.DirFS("catalog"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	fresh(t, "catalog/"+service.IndexFile, string(index))
}

func TestFreshOpenAPI(t *testing.T) {
	b, err := opened(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	fresh(t, "docs/openapi.yaml", string(b))
}

func TestRoutesHaveAccess(t *testing.T) {
	routes := opened(t).Routes()
	if len(routes) < 40 {
		t.Fatalf("only %d routes: the law looks in the wrong place", len(routes))
	}
	for _, r := range routes {
		if !r.Access.Valid() {
			t.Errorf("%s %s has access %q: say who may use it", r.Method, r.Path, r.Access)
		}
		if r.About == "" {
			t.Errorf("%s %s does not say what it is for", r.Method, r.Path)
		}
	}
}

// unheard are the events that nobody acts on, each with what it is kept for. An event outside this table has a consumer.
var unheard = map[string]string{
	"booking.held":             "shows when a place was put aside",
	"booking.resource_changed": "audit: who changed times or rules; slots follow in the same call",
	"booking.waiting":          "evidence of the order in which people came",
	"bundle.begun":             "evidence of which case is which member's",
	"bundle.chosen":            "audit: what the resident left out, added or tried again",
	"bundle.closed":            "audit: the resident put it away",
	"bundle.done":              "counts what was done together, and how long it took",
	"bundle.expired":           "evidence that nobody went on",
	"bundle.heard":             "evidence of what came of a member; cases act on their own events",
	"bundle.opened":            "counts what is begun",
	"bundle.started":           "counts how many members are wanted",
	"cases.amend_asked":        "audit: when a mistake in a result was pointed out",
	"cases.appealed":           "audit: when a decision was appealed against",
	"cases.changed":            "audit: an answer was taken back",
	"cases.corrected":          "audit: when something that was sent was put right",
	"cases.decided":            "audit: which member of staff decided what",
	"cases.discarded":          "evidence that a file is gone, and why",
	"cases.filed":              "the beginning of the office's time; measured by the observatory",
	"cases.paid":               "counts what is paid; payment itself acts",
	"cases.paying":             "the beginning of paying",
	"cases.proposed":           "audit: which member of staff asked for much money to go back",
	"cases.recalling":          "audit: when what was filed was taken back",
	"cases.refunding":          "payment acts on its own event",
	"cases.retried":            "audit: a resident asked a silent office again",
	"cases.reviewed":           "audit: which member of staff came to which verdict",
	"cases.settled":            "evidence of whether an answer settled a bad rating",
	"cases.uploaded":           "evidence of what came in, without what it shows",
	"console.parked_decided":   "audit: which operator freed or dropped a delivery",
	"draft.approved":           "audit: which member of staff approved a service",
	"draft.back_asked":         "audit: which member of staff asked to roll a service back",
	"draft.created":            "audit: which member of staff began a service",
	"draft.returned":           "audit: which member of staff gave a service back",
	"draft.submitted":          "audit: which member of staff submitted a service",
	"draft.tried":              "audit: which member of staff made a link to try a service out",
	"draft.written":            "audit: which member of staff changed a service",
	"draw.announced":           "evidence of the terms, before anybody entered",
	"draw.cancelled":           "evidence that a draw was called off before it was drawn",
	"draw.differed":            "audit: two members of staff typed different seeds",
	"draw.drawn":               "evidence of the results; cases ask their office how far it is",
	"draw.entered":             "evidence of an entry's line when it was made",
	"draw.listed":              "evidence of both commitments, before the public seed was known",
	"draw.typed":               "audit: which member of staff typed the seed first",
	"draw.withdrawn":           "evidence that an entry was given back before the list",
	"follower.claimed":         "audit: which resident agreed to a link of a talk",
	"follower.missed":          "audit: wrong numbers written in a talk",
	"follower.offered":         "audit: a talk was given a link to bind by",
	"identity.consented":       "evidence of consent (PIPL 14)",
	"identity.favoured":        "counts what people keep",
	"identity.joined":          "counts residents",
	"identity.person_dropped":  "audit of whom a resident saved",
	"identity.person_saved":    "audit of whom a resident saved, and of children that the register confirmed",
	"identity.proven":          "audit: when a level was reached",
	"identity.session_ended":   "audit of sign-out",
	"identity.signed_in":       "audit of sign-in",
	"identity.stepped_up":      "audit: presence was proven anew",
	"identity.vehicle_dropped": "audit of what a resident saved",
	"identity.vehicle_saved":   "audit of what a resident saved",
	"identity.wished":          "audit of settings",
	"identity.withdrawn":       "evidence that a consent was withdrawn (PIPL 15)",
	"message.sent":             "counts what accounts tell residents",
	"payment.finding_accepted": "audit: who accepted a difference",
	"payment.mismatch":         "the console reads findings from their table; the event is the evidence",
	"payment.ordered":          "the beginning of a payment",
	"payment.reconciled":       "evidence that a day was compared",
	"payment.settled_by_hand":  "audit: who settled what the channel would not",
	"payment.unreconciled":     "the console reads open days from their table; the event is the evidence",
	"sheet.answers":            "audit: who had which table answer from when",
	"sheet.taken":              "audit: who confirmed what a table's columns hold, and how many rows were taken and refused",
	"sheet.uploaded":           "evidence of what came in, without what it holds",
	"staff.enrolled":           "audit of staff",
	"staff.signed_in":          "audit of staff",
}

// TestEventsAreKnown: what is heard is declared, and what is declared is heard or says why it is not.
func TestEventsAreKnown(t *testing.T) {
	declared := map[string]bool{}
	for _, e := range server.Events() {
		declared[e.EventName()] = true
	}
	heard := opened(t).Heard()
	for name := range heard {
		if !declared[name] {
			t.Errorf("%v hears %q, which no room declares in its Events()", heard[name], name)
		}
	}
	for name := range declared {
		if len(heard[name]) == 0 && unheard[name] == "" {
			t.Errorf("nobody hears %q: give it a consumer, or say in unheard what it is kept for", name)
		}
	}
	for name := range unheard {
		if !declared[name] || len(heard[name]) > 0 {
			t.Errorf("unheard names %q, which is heard or does not exist", name)
		}
	}
	if len(declared) < 30 || len(heard) < 10 {
		t.Errorf("%d events declared, %d heard: the law looks in the wrong place", len(declared), len(heard))
	}
}

// TestMigrationsAreImmutable: a migration that ran somewhere can never be edited; its hash is kept beside it.
func TestMigrationsAreImmutable(t *testing.T) {
	files, err := filepath.Glob("store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	var b strings.Builder
	for _, f := range files {
		sum := sha256.Sum256([]byte(read(t, f)))
		b.WriteString(hex.EncodeToString(sum[:]) + "  " + filepath.Base(f) + "\n")
	}
	const kept = "store/migrations/SHA256SUMS"
	want := read(t, kept)
	for line := range strings.Lines(want) {
		if !strings.Contains(b.String(), line) {
			t.Errorf("%s: a migration was edited or removed; write a new one", strings.TrimSpace(line))
		}
	}
	if n := strings.Count(b.String(), "\n"); n != strings.Count(want, "\n") {
		t.Errorf("%d migrations, %d hashes: add the new one's line to %s", n, strings.Count(want, "\n"), kept)
	}
}

// TestDependenciesAreNamed: each direct dependency has a line with its reason, and no line outlives its dependency.
func TestDependenciesAreNamed(t *testing.T) {
	row := regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|(?: ([^|]*)\|)?$`)
	reasons := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(read(t, "docs/dependencies.md"), -1) {
		for name := range strings.SplitSeq(m[1], ", ") {
			reasons[name] = strings.TrimSpace(m[3])
		}
	}
	delete(reasons, "module")
	delete(reasons, "package")
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`)
	found := direct.FindAllStringSubmatch(read(t, "go.mod"), -1)
	if len(found) < 10 {
		t.Fatalf("found %d direct modules in go.mod", len(found))
	}
	needed := map[string]bool{}
	for _, m := range found {
		needed[m[1]] = true
	}
	var npm struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, "package.json")), &npm); err != nil {
		t.Fatal(err)
	}
	for _, set := range []map[string]string{npm.Dependencies, npm.DevDependencies} {
		for name, version := range set {
			needed[name+" "+strings.TrimPrefix(version, "^")] = true
		}
	}
	for name := range needed {
		if reasons[name] == "" {
			t.Errorf("docs/dependencies.md does not say why %s is here", name)
		}
	}
	for name := range reasons {
		if !needed[name] {
			t.Errorf("docs/dependencies.md names %s, which is not here", name)
		}
	}
}

// TestLanguageOfPages: what residents read stands in wording files and definitions, so that it exists twice.
func TestLanguageOfPages(t *testing.T) {
	han := regexp.MustCompile(`\p{Han}`)
	for _, s := range tree(t) {
		if s.test || !in("web", "console")(s) || !s.generated {
			continue
		}
		if at := han.FindIndex(withoutComments(s)); at != nil {
			t.Errorf("%s holds Chinese: put it into a wording file, beside its English", s.path)
		}
	}
	if !slices.ContainsFunc(tree(t), func(s source) bool { return s.generated && in("web")(s) }) {
		t.Error("no generated pages found: the law looks in the wrong place")
	}
}
