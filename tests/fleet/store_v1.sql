-- The schema that Mingcha 0.1 wrote, as SQLite gives it back.
CREATE TABLE info (
  name VARCHAR(40) NOT NULL,
  value TEXT,
  PRIMARY KEY (name)
);
CREATE TABLE scans (
  "key" VARCHAR(64) NOT NULL,
  campaign VARCHAR(200) NOT NULL,
  path TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  detail TEXT NOT NULL,
  seconds FLOAT NOT NULL,
  peak_bytes BIGINT NOT NULL,
  package VARCHAR(255) NOT NULL,
  label TEXT NOT NULL,
  version TEXT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  developer TEXT NOT NULL,
  store TEXT NOT NULL,
  category TEXT NOT NULL,
  result BLOB,
  PRIMARY KEY ("key")
);
CREATE INDEX ix_scans_campaign ON scans (campaign);
CREATE INDEX ix_scans_sha256 ON scans (sha256);
CREATE INDEX ix_scans_package ON scans (package);
CREATE TABLE findings (
  scan VARCHAR(64) NOT NULL,
  finding VARCHAR(16),
  check_id VARCHAR(80),
  subject TEXT,
  outcome VARCHAR(16),
  severity VARCHAR(16),
  confidence VARCHAR(16),
  data_type VARCHAR(60),
  actor VARCHAR(200),
  zh TEXT,
  en TEXT,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_findings_data_type ON findings (data_type);
CREATE INDEX ix_findings_finding ON findings (finding);
CREATE INDEX ix_findings_scan ON findings (scan);
CREATE INDEX ix_findings_actor ON findings (actor);
CREATE INDEX ix_findings_check_id ON findings (check_id);
CREATE TABLE clauses (
  scan VARCHAR(64) NOT NULL,
  regulation VARCHAR(40),
  clause VARCHAR(40),
  outcome VARCHAR(16),
  examined BOOLEAN,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_clauses_clause ON clauses (clause);
CREATE INDEX ix_clauses_scan ON clauses (scan);
CREATE TABLE permissions (
  scan VARCHAR(64) NOT NULL,
  permission VARCHAR(255),
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_permissions_permission ON permissions (permission);
CREATE INDEX ix_permissions_scan ON permissions (scan);
CREATE TABLE sdks (
  scan VARCHAR(64) NOT NULL,
  sdk VARCHAR(80),
  version TEXT,
  declared BOOLEAN,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_sdks_sdk ON sdks (sdk);
CREATE INDEX ix_sdks_scan ON sdks (scan);
CREATE TABLE cells (
  scan VARCHAR(64) NOT NULL,
  data_type VARCHAR(60),
  actor VARCHAR(200),
  reachable BOOLEAN,
  before_consent BOOLEAN,
  observed INTEGER,
  declared VARCHAR(20),
  outside BOOLEAN,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_cells_scan ON cells (scan);
CREATE INDEX ix_cells_data_type ON cells (data_type);
CREATE INDEX ix_cells_actor ON cells (actor);
CREATE TABLE destinations (
  scan VARCHAR(64) NOT NULL,
  host VARCHAR(255),
  country VARCHAR(2),
  outside BOOLEAN,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_destinations_host ON destinations (host);
CREATE INDEX ix_destinations_scan ON destinations (scan);
CREATE TABLE coverage (
  scan VARCHAR(64) NOT NULL,
  part VARCHAR(16),
  examined BOOLEAN,
  FOREIGN KEY(scan) REFERENCES scans ("key") ON DELETE CASCADE
);
CREATE INDEX ix_coverage_scan ON coverage (scan);
