package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"zhijian/ground/clock"
)

// folder is Config.Dir: what a world must know of its last run before it opens, and the lock that
// keeps a second world out. The zero folder keeps nothing.
type folder struct {
	dir  string
	lock *os.File
	was  lastRun
}

// lastRun is the file world.json.
type lastRun struct {
	Seed   int64             `json:"seed"`
	People int               `json:"people"`
	Began  string            `json:"began"` // the day of the first start, YYYY-MM-DD in Shanghai
	Addrs  map[string]string `json:"addrs"` // where each server listened
}

// openFolder locks the folder and reads the last run; a new folder begins today.
func openFolder(cfg Config) (*folder, error) {
	f := &folder{dir: cfg.Dir, was: lastRun{Seed: cfg.Seed, People: cfg.People, Began: cfg.Clock.Now().In(clock.Shanghai).Format(time.DateOnly)}}
	if f.dir == "" {
		return f, nil
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(f.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	f.lock = lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another world uses %s; stop it first: %w", f.dir, err), f.close())
	}
	if err := f.read(cfg); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *folder) read(cfg Config) error {
	b, err := os.ReadFile(filepath.Join(f.dir, "world.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var was lastRun
	if err := json.Unmarshal(b, &was); err != nil {
		return fmt.Errorf("world.json: %w", err)
	}
	if was.Seed != cfg.Seed || was.People > cfg.People {
		return fmt.Errorf("the world in %s has %d people of seed %d, not %d of seed %d: take another folder or those",
			f.dir, was.People, was.Seed, cfg.People, cfg.Seed)
	}
	was.People = cfg.People // more people only add to the end
	f.was = was
	return nil
}

// began is midnight in Shanghai of the day the world began: dates of fines and bills count from it.
func (f *folder) began() (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, f.was.Began, clock.Shanghai)
}

// write keeps where the servers listen now.
func (f *folder) write(addrs map[string]string) error {
	if f.dir == "" {
		return nil
	}
	f.was.Addrs = addrs
	b, err := json.Marshal(f.was)
	if err != nil {
		return err
	}
	path := filepath.Join(f.dir, "world.json")
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// path gives a file of the folder; "" when nothing is kept.
func (f *folder) path(name string) string {
	if f.dir == "" {
		return ""
	}
	return filepath.Join(f.dir, name)
}

func (f *folder) close() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Close()
}
