package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"zhijian/ground/clock"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

// visits measures the counting path: appending durably against PostgreSQL's COPY of the same rows, and folding and asking
// against DuckDB with the same visits.
func visits(ctx context.Context, b *bench) error {
	s, err := stream.New(stream.Config{Visits: b.visits})
	if err != nil {
		return err
	}
	if err := b.appendLots(ctx, s); err != nil {
		return err
	}
	if err := b.appendSingly(ctx, s); err != nil {
		return err
	}
	return b.againstDuckDB(ctx, s)
}

const visitsCall = 1000

func openVisits(ctx context.Context, dir string) (*visitlog.Log, error) {
	d, err := visitlog.Folder(dir)
	if err != nil {
		return nil, err
	}
	return visitlog.Open(ctx, visitlog.Options{Folder: d, Node: 1, Clock: new(clock.System)})
}

// appendLots has one caller store the same thousand visits again and again, each call on disk before the next. COPY gets
// them ready made in its binary form, so that it measures the server and no client.
func (b *bench) appendLots(ctx context.Context, s *stream.Stream) (err error) {
	lot := make([]visitlog.Visit, visitsCall)
	s.Fill(lot, 0)
	l, err := openVisits(ctx, filepath.Join(b.dir, "visits-lots"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	ours := func(int64) error { return l.Append(ctx, lot) }
	what := fmt.Sprintf("visits appended durably, %d a call, one caller", visitsCall)
	d := time.Duration(b.seconds * float64(time.Second))
	if b.postgres == "" {
		r, err := rate(ours, 1, d)
		b.table.report(what, "visits/s", r*visitsCall)
		return err
	}
	copyIn, closeCopy, err := openCopy(ctx, b.postgres, lot)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeCopy()) }()
	var us, them []float64
	for range b.rounds {
		for list, w := range map[*[]float64]durableWriter{&us: ours, &them: copyIn} {
			r, err := rate(w, 1, d)
			if err != nil {
				return err
			}
			*list = append(*list, r*visitsCall)
		}
	}
	b.table.ratio(what+"; against PostgreSQL COPY of the same rows, fsync on", "visits/s", us, them, 3)
	return nil
}

// openCopy makes a table without any index and gives a writer that copies the lot into it in a transaction of its own.
func openCopy(ctx context.Context, url string, lot []visitlog.Visit) (durableWriter, func() error, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	_, err = conn.Exec(ctx, `create table bench_visit (at bigint not null, account integer not null, person integer not null, city integer not null,
		service smallint not null, kind smallint not null, channel smallint not null, level smallint not null)`)
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close(ctx))
	}
	rows := copyRows(lot)
	write := func(int64) error {
		tag, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(rows), "copy bench_visit from stdin with (format binary)")
		if err == nil && tag.RowsAffected() != int64(len(lot)) {
			err = fmt.Errorf("%d rows were copied", tag.RowsAffected())
		}
		return err
	}
	return write, func() error {
		_, err := conn.Exec(ctx, "drop table bench_visit")
		return errors.Join(err, conn.Close(ctx))
	}, nil
}

// copyRows writes visits in PostgreSQL's binary form of COPY.
func copyRows(lot []visitlog.Visit) []byte {
	b := append([]byte("PGCOPY\n\xff\r\n\x00"), make([]byte, 8)...)
	for _, v := range lot {
		b = binary.BigEndian.AppendUint16(b, 8)
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(v.At))
		for _, n := range []uint32{v.Account, v.Person, v.City} {
			b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, 4), n)
		}
		for _, n := range []uint16{v.Service, uint16(v.Kind), uint16(v.Channel), uint16(v.Level)} {
			b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(b, 2), n)
		}
	}
	return append(b, 0xff, 0xff)
}

// appendSingly has 256 callers with one visit a call.
func (b *bench) appendSingly(ctx context.Context, s *stream.Stream) (err error) {
	l, err := openVisits(ctx, filepath.Join(b.dir, "visits-singly"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	var next atomic.Uint64
	one := func(int64) error {
		var v [1]visitlog.Visit
		s.Fill(v[:], next.Add(1)%s.Len())
		return l.Append(ctx, v[:])
	}
	var rates []float64
	for range b.rounds {
		r, err := rate(one, 256, time.Duration(b.seconds*float64(time.Second)))
		if err != nil {
			return err
		}
		rates = append(rates, r)
	}
	b.table.least("visits appended durably, one a call, 256 callers", "visits/s", median(rates), 15_000)
	return nil
}

// writeVisits makes what both sides read: a segment log, the same visits as CSV, and where each account belongs.
func writeVisits(ctx context.Context, s *stream.Stream, logs, csv, homes string) (err error) {
	l, err := openVisits(ctx, logs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	f, err := os.Create(csv)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	buf := make([]visitlog.Visit, visitlog.MaxCall)
	var line []byte
	for n := uint64(0); n < s.Len(); {
		k := s.Fill(buf, n)
		if err := l.Append(ctx, buf[:k]); err != nil {
			return err
		}
		for _, v := range buf[:k] {
			line = strconv.AppendInt(line[:0], v.At, 10)
			for _, code := range []uint32{v.Account, v.Person, v.City, uint32(v.Service), uint32(v.Kind), uint32(v.Channel), uint32(v.Level)} {
				line = strconv.AppendUint(append(line, ','), uint64(code), 10)
			}
			if _, err := out.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		n += uint64(k)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	line = line[:0]
	for a := uint64(1); a <= nationAccounts; a++ {
		line = append(strconv.AppendUint(line, a, 10), ',')
		line = append(strconv.AppendUint(line, uint64(s.Home(uint32(a))), 10), '\n')
	}
	return os.WriteFile(homes, line, 0o600)
}

const nationAccounts = 83_641 // of a stream by default
