package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"zhijian/domain/observatory"
	"zhijian/domain/region"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
	"zhijian/store/visitlog/stream"
)

const (
	visitsFolder = "visits"
	// simulatedPeople are shared out to the cities by their urban population. Assumed: the paper's city services cover so many.
	simulatedPeople = 258_000_000
	// visitsOfFile keeps a file within the gibibyte of a posting: a line has 140 bytes at most.
	visitsOfFile = 7_000_000
)

// visitStream writes the raw visits of a simulated month, a file a day.
type visitStream struct {
	tree  *region.Tree
	seed  uint64
	homes []stream.Homes
	among func(region string) bool
}

// homesOf numbers the people of the cities.
func homesOf(list []observatory.Indicator) (homes []stream.Homes, err error) {
	all := 0.0
	for _, v := range list {
		if v.Indicator == "urban_population" {
			all += v.Value
		}
	}
	for _, v := range list {
		if v.Indicator == "urban_population" {
			code, err := strconv.ParseUint(v.Region, 10, 32)
			if err != nil {
				return nil, err
			}
			homes = append(homes, stream.Homes{City: uint32(code), People: uint32(float64(v.Value/all) * simulatedPeople)})
		}
	}
	return homes, nil
}

// write writes the visits of a year's accounts whose region is among those wanted, all files or none.
func (s visitStream) write(y simulatedYear) (err error) {
	m, at, err := s.month(y.facts)
	if err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(y.folder, ".visits-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	files, err := writeDays(m, fresh, at)
	if err != nil {
		return err
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	to := filepath.Join(y.folder, visitsFolder)
	if err := os.Rename(fresh, to); err != nil {
		return err
	}
	fmt.Printf("%s: %d visits in %d files, simulated.\n", to, m.Len(), files)
	return nil
}

// writeDays writes the days of a month, as many at once as there are processors, and gives how many files they have.
func writeDays(m *stream.Month, folder string, at time.Time) (files int, err error) {
	writers, failed := make([]dayWriter, m.Days()), make([]error, m.Days())
	days := make(chan int, m.Days())
	for d := range writers {
		days <- d
	}
	close(days)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for d := range days {
				w := &writers[d]
				*w = dayWriter{folder: folder, day: fmt.Sprintf("%s-%02d", at.Format("2006-01"), d+1)}
				failed[d] = errors.Join(m.Day(d+1, w.lot), w.close())
			}
		})
	}
	workers.Wait()
	for i := range writers {
		files += writers[i].files
	}
	return files, errors.Join(failed...)
}

// month makes the visits of the accounts wanted.
func (s visitStream) month(f observatory.Facts) (m *stream.Month, at time.Time, err error) {
	c := stream.MonthConfig{Seed: s.seed, Homes: s.homes}
	for i, a := range f.Accounts { // months are those of the accounts, in their order
		if !s.among(a.Region) {
			continue
		}
		u, err := s.use(a, f.Months[i])
		if err != nil {
			return nil, at, err
		}
		c.Uses = append(c.Uses, u)
	}
	if len(c.Uses) == 0 {
		return nil, at, errors.New("no account is in the regions of --streams")
	}
	if at, err = time.Parse("2006-01", f.Months[0].Month); err != nil {
		return nil, at, err
	}
	c.Year, c.Month = at.Year(), at.Month()
	m, err = stream.NewMonth(c)
	return m, at, err
}

// levelNumbers are those of a visit.
var levelNumbers = map[observatory.Level]uint8{
	observatory.National: 1, observatory.Provincial: 2, observatory.Municipal: 3, observatory.County: 4, observatory.Township: 5,
}

// use says what an account's month must add up to. The month's clicks are those of articles and of menus, as a house counts its own:
// four of five of who publishes, and one of four of who serves, are articles read. Assumed.
func (s visitStream) use(a observatory.Account, m observatory.Month) (u stream.Use, err error) {
	number, err := strconv.ParseUint(strings.TrimPrefix(a.ID, "sim"), 10, 31)
	if err != nil || a.ID != m.Account {
		return u, fmt.Errorf("account %s has no number, or not its month: %w", a.ID, err)
	}
	code := a.Region
	if city, ok := s.tree.City(code); ok {
		code = city.Code
	}
	city := uint64(0)
	if code != "" {
		if city, err = strconv.ParseUint(code, 10, 32); err != nil {
			return u, err
		}
	}
	read := m.Clicks * 4 / 5
	if a.Kind == observatory.Serving {
		read = m.Clicks / 4
	}
	return stream.Use{
		Account: uint32(number), City: uint32(city), Level: levelNumbers[a.Level],
		People: uint32(m.Active), Reads: uint32(read), Clicks: uint32(m.Clicks - read), Serving: uint32(m.Visits),
	}, nil
}

// dayWriter writes the visits of a day: 2015-08-01.ndjson.gz, and where they are many 2015-08-01-2.ndjson.gz.
type dayWriter struct {
	folder, day string
	files, left int
	file        *os.File
	pack        *gzip.Writer
	text        *bufio.Writer
	line        []byte
}

func (w *dayWriter) lot(list []visitlog.Visit) error {
	for _, v := range list {
		if w.left == 0 {
			if err := w.next(); err != nil {
				return err
			}
		}
		w.left--
		w.line = ndjson.AppendLine(w.line[:0], ndjson.Line{Visit: v, Home: v.City, Simulated: true})
		if _, err := w.text.Write(w.line); err != nil {
			return err
		}
	}
	return nil
}

// next begins another file.
func (w *dayWriter) next() (err error) {
	if err := w.close(); err != nil {
		return err
	}
	w.files++
	name := w.day
	if w.files > 1 {
		name += "-" + strconv.Itoa(w.files)
	}
	if w.file, err = os.Create(filepath.Join(w.folder, name+".ndjson.gz")); err != nil {
		return err
	}
	if w.pack, err = gzip.NewWriterLevel(w.file, gzip.BestSpeed); err != nil {
		return err
	}
	w.pack.Comment = "simulated data" // which every line says too
	w.text = bufio.NewWriterSize(w.pack, 256<<10)
	w.left = visitsOfFile
	return nil
}

// close ends the file that was begun, if there is one.
func (w *dayWriter) close() error {
	if w.file == nil {
		return nil
	}
	err := errors.Join(w.text.Flush(), w.pack.Close(), w.file.Close())
	w.file = nil
	return err
}
