-- from
CREATE TABLE `group` (
  `primary` INT NOT NULL,
  PRIMARY KEY (`primary`)
) ENGINE=InnoDB;
CREATE TABLE `order` (
  id INT NOT NULL,
  `from` INT NOT NULL,
  `table` INT GENERATED ALWAYS AS (`from` + 1) STORED,
  `key` VARCHAR(9) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY `unique` (`key`),
  KEY `index` (`from`, `key`(3)),
  CONSTRAINT `check` CHECK (`from` > 0),
  CONSTRAINT `foreign` FOREIGN KEY (`from`) REFERENCES `group` (`primary`)
) ENGINE=InnoDB;
-- to
CREATE TABLE `order` (
  id INT NOT NULL,
  `from` BIGINT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
ALTER TABLE `order` DROP FOREIGN KEY `foreign`;
ALTER TABLE `order` DROP CONSTRAINT `check`;
ALTER TABLE `order` DROP COLUMN `table`;
ALTER TABLE `order` MODIFY COLUMN `from` BIGINT NULL DEFAULT NULL;
ALTER TABLE `order` DROP KEY `index`;
ALTER TABLE `order` DROP KEY `unique`;
-- loses data: the values of order.key
ALTER TABLE `order` DROP COLUMN `key`;
-- loses data: the rows of group
DROP TABLE `group`;
-- down
-- comes back empty: the rows of group
CREATE TABLE `group` (
  `primary` INT NOT NULL,
  PRIMARY KEY (`primary`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- comes back empty: the values of order.key
ALTER TABLE `order` ADD COLUMN `key` VARCHAR(9) NOT NULL AFTER `from`;
-- fails when two rows have the same `key`
ALTER TABLE `order` ADD UNIQUE KEY `unique` (`key`);
ALTER TABLE `order` ADD KEY `index` (`from`, `key`(3));
-- loses data: values of order.from that do not fit INT
-- fails when a row has NULL in from
ALTER TABLE `order` MODIFY COLUMN `from` INT NOT NULL;
ALTER TABLE `order` ADD COLUMN `table` INT GENERATED ALWAYS AS (`from` + 1) STORED AFTER `from`;
-- fails when a row does not satisfy `from` > 0
ALTER TABLE `order` ADD CONSTRAINT `check` CHECK (`from` > 0);
-- fails when a row refers to a row of group that is not there
ALTER TABLE `order` ADD CONSTRAINT `foreign` FOREIGN KEY (`from`) REFERENCES `group` (`primary`) ON DELETE RESTRICT;
