package core

import (
	"fmt"

	"github.com/hashicorp/go-memdb"
)

// directory is where readers look up profiles: agents, groups, skills and
// organizations. It is changed by directory commands only; what assignment
// changes (load, presence, last assigned) is not in it.
type directory struct {
	db    *memdb.MemDB
	view  *memdb.MemDB // of the last publish
	stale bool
}

// The directory's tables; each is indexed by "id".
const (
	tableAgents        = "agents"
	tableGroups        = "groups"
	tableSkills        = "skills"
	tableOrganizations = "organizations"
)

// agentEntry is an agent as the directory keeps it: the profile, and where the
// running state stands.
type agentEntry struct {
	AgentProfile
	Ordinal Ordinal
}

// skillProfile is a skill as the directory keeps it.
type skillProfile struct{ ID SkillID }

func newDirectory() *directory {
	schema := &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{}}
	for _, name := range []string{tableAgents, tableGroups, tableSkills, tableOrganizations} {
		schema.Tables[name] = &memdb.TableSchema{
			Name:    name,
			Indexes: map[string]*memdb.IndexSchema{"id": {Name: "id", Unique: true, Indexer: &memdb.StringFieldIndex{Field: "ID"}}},
		}
	}
	db, err := memdb.NewMemDB(schema)
	if err != nil {
		panic(fmt.Sprintf("core: the directory's schema is wrong: %v", err))
	}
	return &directory{db: db, stale: true}
}

// publish returns a view that later changes do not touch.
func (d *directory) publish() *memdb.MemDB {
	if d.stale {
		d.view, d.stale = d.db.Snapshot(), false
	}
	return d.view
}

func (d *directory) putAgent(a *Agent) {
	d.write(insert(tableAgents, &agentEntry{a.AgentProfile, a.Ordinal}))
}

func (d *directory) putOrganization(o *Organization) { d.write(insert(tableOrganizations, o)) }

func (d *directory) removeAgent(id AgentID) {
	d.write(func(txn *memdb.Txn) error {
		_, err := txn.DeleteAll(tableAgents, "id", string(id))
		return err
	})
}

// putConfig makes groups and skills those of a configuration.
func (d *directory) putConfig(c *Config) {
	d.write(func(txn *memdb.Txn) error {
		for _, table := range []string{tableGroups, tableSkills} {
			if _, err := txn.DeleteAll(table, "id_prefix", ""); err != nil {
				return err
			}
		}
		for i := range c.Groups {
			if err := txn.Insert(tableGroups, &c.Groups[i]); err != nil {
				return err
			}
		}
		for _, skill := range c.Skills {
			if err := txn.Insert(tableSkills, &skillProfile{skill}); err != nil {
				return err
			}
		}
		return nil
	})
}

func insert(table string, row any) func(*memdb.Txn) error {
	return func(txn *memdb.Txn) error { return txn.Insert(table, row) }
}

// write runs one change. The schema fits the rows by construction, so a failure
// is a broken invariant.
func (d *directory) write(change func(*memdb.Txn) error) {
	txn := d.db.Txn(true)
	if err := change(txn); err != nil {
		panic(fmt.Sprintf("core: write the directory: %v", err))
	}
	txn.Commit()
	d.stale = true
}

// lookup finds one profile in a view.
func lookup[T any](view *memdb.MemDB, table, id string) (*T, bool) {
	row, err := view.Txn(false).First(table, "id", id)
	if err != nil || row == nil {
		return nil, false
	}
	found, ok := row.(*T)
	return found, ok
}

// list returns a table's profiles in order of id.
func list[T any](view *memdb.MemDB, table string) []*T {
	rows, err := view.Txn(false).Get(table, "id")
	if err != nil {
		panic(fmt.Sprintf("core: read the directory: %v", err))
	}
	var all []*T
	for row := rows.Next(); row != nil; row = rows.Next() {
		if found, ok := row.(*T); ok {
			all = append(all, found)
		}
	}
	return all
}
