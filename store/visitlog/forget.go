package visitlog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strconv"
	"strings"

	"zhijian/ground/fault"
)

// Naming names the group of an account for ever, or says that it is in none: numbers of groups are of one question only. An error, for an
// account that is not known, ends Forget before anything is dropped.
type Naming func(account uint32) (name string, in bool, err error)

// Crowd is how many different people a group had in a month whose people are forgotten.
type Crowd struct {
	Month  Month  `json:"month"`
	Naming int    `json:"naming"` // the place of the naming in the call of Forget
	Name   string `json:"name"`
	People uint64 `json:"people"`
}

const crowdSuffix = ".crowds"

func crowdName(id uint64) string { return fmt.Sprintf("%010d%s", id, crowdSuffix) }

func isCrowd(name string) bool {
	digits, ok := strings.CutSuffix(name, crowdSuffix)
	n, err := strconv.ParseUint(digits, 10, 64)
	return ok && err == nil && crowdName(n) == name
}

// Forget drops the people of all months before one, and keeps how many of them the groups of each naming had. Numbers of visits stay as
// they are. The lists and the numbers that stand for them change by one rename: killed at any instant, either all of the people are
// there or all of the numbers. Visits of these months that are counted later count as visits and no longer as people, unless nobody of the month
// was known before. It gives the months that it dropped; none is no error. A later call has the same namings, more behind them at most.
func (f *Fold) Forget(ctx context.Context, before Month, by ...Naming) ([]Month, error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.usable(); err != nil {
		return nil, err
	}
	months := f.listed(before)
	if len(months) == 0 {
		return nil, nil
	}
	crowds, err := f.crowdsOf(ctx, months, by)
	if err != nil {
		return nil, err
	}
	point := f.point
	point.Forgotten = slices.Sorted(slices.Values(slices.Concat(point.Forgotten, months)))
	point.crowds = slices.Concat(point.crowds, crowds)
	old := point.Crowds
	if point.Crowds, err = writeCrowds(f.opt.Folder, point.Next, point.crowds); err != nil {
		return nil, f.gaveUpCrowds(err, point.Next)
	}
	point.Next++
	r, err := writeMerged(f.opt.Folder, point.Next, f.runs, months)
	if err != nil {
		return nil, f.gaveUpCrowds(f.gaveUp(err, point.Next), point.Crowds.ID)
	}
	if err := f.replace(point, []*run{r}); err != nil {
		return nil, f.gaveUpCrowds(err, point.Crowds.ID)
	}
	if old != nil {
		err = f.opt.Folder.Remove(crowdName(old.ID))
	}
	return months, err
}

// gaveUpCrowds removes a file of crowds that no checkpoint names, as far as the folder can be trusted.
func (f *Fold) gaveUpCrowds(err error, id uint64) error {
	if f.lost != nil {
		return f.lost
	}
	if !isFull(err) {
		f.lost = fmt.Errorf("%w: %w", ErrBroken, err)
		return f.lost
	}
	if e := f.opt.Folder.Remove(crowdName(id)); e != nil && !errors.Is(e, os.ErrNotExist) {
		f.lost = fmt.Errorf("%w: %w", ErrBroken, e)
		return f.lost
	}
	if fault.Is(err, fault.KindUnavailable) {
		return err // said already
	}
	return full(err)
}

// Crowds gives the groups of forgotten months, by month, naming and name. Asked after Months, it misses none that Months did not count.
func (f *Fold) Crowds(span Span) (list []Crowd) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, c := range f.point.crowds {
		if c.Month >= span.First && c.Month <= span.Last {
			list = append(list, c)
		}
	}
	return list
}

// listed gives the months before one that have a list of people.
func (f *Fold) listed(before Month) (months []Month) {
	for _, r := range f.runs {
		for _, e := range r.months(0, before-1) {
			if i, found := slices.BinarySearch(months, e.month); !found {
				months = slices.Insert(months, i, e.month)
			}
		}
	}
	return months
}

// crowdsOf counts the people of each group in each month.
func (f *Fold) crowdsOf(ctx context.Context, months []Month, by []Naming) (list []Crowd, err error) {
	for k, naming := range by {
		var names []string
		numbers := map[string]uint32{}
		var unknown error
		group := func(account uint32) (uint32, bool) {
			name, in, err := naming(account)
			if err != nil || !in {
				unknown = errors.Join(unknown, err)
				return 0, false
			}
			n, known := numbers[name]
			if !known {
				n = uint32(len(names))
				numbers[name], names = n, append(names, name)
			}
			return n, true
		}
		for _, m := range months {
			groups, err := f.distinct(ctx, Span{m, m}, group)
			if err = errors.Join(err, unknown); err != nil {
				return nil, err
			}
			for _, g := range groups {
				list = append(list, Crowd{m, k, names[g.Group], g.People})
			}
		}
	}
	slices.SortFunc(list, func(a, b Crowd) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Naming, b.Naming), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

// writeCrowds writes a file of crowds and makes it durable. The folder is not yet synced.
func writeCrowds(d Disk, id uint64, list []Crowd) (*runInfo, error) {
	body, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	file, err := d.Create(crowdName(id))
	if err != nil {
		return nil, err
	}
	_, err = file.WriteAt(body, 0)
	if err == nil {
		err = synced(file.Sync())
	}
	return &runInfo{ID: id, Bytes: int64(len(body)), CRC: crc32.Checksum(body, castagnoli)}, errors.Join(err, file.Close())
}

// readCrowds reads the file that a checkpoint names, nothing when it names none.
func readCrowds(d Disk, info *runInfo) (list []Crowd, err error) {
	if info == nil {
		return nil, nil
	}
	name := crowdName(info.ID)
	file, err := d.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &Damage{File: name, Why: "the file is missing"}
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	size, err := file.Size()
	if err != nil {
		return nil, err
	}
	if size != info.Bytes {
		return nil, &Damage{File: name, Offset: min(size, info.Bytes), Why: fmt.Sprintf("it has %d bytes and had %d", size, info.Bytes)}
	}
	body := make([]byte, size)
	if _, err := file.ReadAt(body, 0); err != nil {
		return nil, err
	}
	if crc32.Checksum(body, castagnoli) != info.CRC || json.Unmarshal(body, &list) != nil {
		return nil, &Damage{File: name, Why: "its checksum is another"}
	}
	return list, nil
}
