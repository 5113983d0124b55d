package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"

	"zhijian/store/sqldb"
)

// readyCommand starts this program as the bare server that pages are measured against.
const readyCommand = "ready-server"

// readySet is what the bare server serves.
type readySet struct {
	Pages []readyPage
	Home  homeSet
}

// readyPage is a page whose bytes are ready.
type readyPage struct {
	Path, Type, Encoding string
	Body                 []byte
}

// homeSet is a resident's home: its rows are read for each request, its bytes appended by hand.
type homeSet struct {
	Path     string
	Body     []byte
	Database string
}

// serveReady reads a set, prints the address it listens on, and serves until SIGTERM.
func serveReady(in io.Reader, out io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var set readySet
	if err := json.NewDecoder(in).Decode(&set); err != nil {
		return err
	}
	mux := http.NewServeMux()
	for _, p := range set.Pages {
		mux.HandleFunc("GET "+p.Path, func(w http.ResponseWriter, _ *http.Request) {
			h := w.Header()
			h.Set("Content-Type", p.Type)
			if p.Encoding != "" {
				h.Set("Content-Encoding", p.Encoding)
			}
			_, _ = w.Write(p.Body)
		})
	}
	home, err := openHome(ctx, set.Home)
	if err != nil {
		return err
	}
	mux.Handle("GET "+set.Home.Path, home.handler)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return err
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = server.Close()
	}
	return errors.Join(err, home.db.Close())
}

// home appends a resident's page from the rows that the house reads for it: the session with its resident, what
// waits to be done, and how much is unread.
type home struct {
	db      *sqldb.DB
	token   []byte
	parts   [][]byte // the page, cut where something of a row stands
	handler http.Handler
}

const (
	homeSession = `
select s.id, s.resident, s.device, s.created, s.seen, s.expires, s.step_up, r.id, r.phone, r.level, r.name, r.citizen_number, r.card,
r.card_phone, r.bank, r.plates, r.city, r.lang, r.theme, r.elder, r.created, r.proven_at, r.rev
from session s join resident r on r.id = s.resident where s.token = $1 and s.expires > $2`
	homeCases = `
select no, id, city, service, sector, version, account, department, lang, opened, resident, visitor, state, summary, log, updated, due, kept,
ended, stars, rated_at, reasons, rev from cases where resident = $1 and state in ($2, $3) order by updated desc, id desc limit 6`
	homeUnread = `select count(*) from note where resident = $1 and read_at = 0`
)

func openHome(ctx context.Context, set homeSet) (*home, error) {
	db, err := sqldb.Open(ctx, sqldb.Config{Path: set.Database, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	h := &home{db: db}
	// Whose page it is stands in it: the first open case of theirs.
	var resident int64
	_, no, ok := bytes.Cut(set.Body, []byte(`/cases/`))
	if !ok || len(no) < 17 {
		return nil, errors.Join(errors.New("the signed-in home shows no open case"), db.Close())
	}
	if err := db.QueryRow(ctx, `select resident from cases where no = $1`, string(no[:17])).Scan(&resident); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.QueryRow(ctx, `select token from session where resident = $1 order by id desc limit 1`, resident).Scan(&h.token); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	h.cut(set.Body)
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	h.handler = wrap(http.HandlerFunc(h.serve))
	return h, nil
}

// cut divides the page at the numbers of cases, which come from rows.
func (h *home) cut(body []byte) {
	for {
		before, after, ok := bytes.Cut(body, []byte(`"/cases/`))
		if !ok || len(after) < 17 {
			h.parts = append(h.parts, body)
			return
		}
		h.parts = append(h.parts, append(bytes.Clone(before), `"/cases/`...))
		body = after[17:]
	}
}

func (h *home) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Cookie"), "zj=") {
		http.Error(w, "sign in", http.StatusForbidden)
		return
	}
	ctx := r.Context()
	resident, err := h.session(ctx)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	open, err := h.open(ctx, resident)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var unread int
	if err := h.db.QueryRow(ctx, homeUnread, resident).Scan(&unread); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	b := make([]byte, 0, 64<<10)
	for i, part := range h.parts {
		b = append(b, part...)
		if i < len(h.parts)-1 {
			b = append(b, open[i%len(open)]...)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b)
}

func (h *home) session(ctx context.Context) (resident int64, err error) {
	dest := make([]any, 23)
	for i := range dest {
		dest[i] = new(any)
	}
	dest[1] = &resident
	return resident, h.db.QueryRow(ctx, homeSession, h.token, time.Now().UnixMilli()).Scan(dest...)
}

func (h *home) open(ctx context.Context, resident int64) (numbers []string, err error) {
	rows, err := h.db.Query(ctx, homeCases, resident, "paying", "draft")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	dest := make([]any, 23)
	var no string
	var rest [22]sql.RawBytes
	dest[0] = &no
	for i := range rest {
		dest[i+1] = &rest[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		numbers = append(numbers, no)
	}
	if len(numbers) == 0 {
		return nil, errors.Join(errors.New("no open case"), rows.Err())
	}
	return numbers, rows.Err()
}
