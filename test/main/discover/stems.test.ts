import { describe, expect, it } from 'vitest';
import { applicationName, isMeaningless, tagParts } from '../../../main/engine/discover/stems.ts';

describe('a tag is taken apart into', () => {
  it.each([
    ['SG-ORDERS-FE', 'ORDERS', 'web'],
    ['SG-ORDERS-BE-A', 'ORDERS', 'app'],
    ['SHOPWEB', 'SHOP', 'web'],
    ['SHOPAPPB', 'SHOP', 'app'],
    ['prd_crm_db', 'CRM', 'db'],
    ['SGTSWEB', 'SGTS', 'web'],
    ['BILLINGMQ', 'BILLING', 'mq'],
    ['WEB', '', 'web'],
    ['sql-prod', '', 'db'],
    ['ORDERSALL', 'ORDERS', null],
    ['falcon-10', 'FALCON', null],
  ])('%s: %s, tier %s', (tag, stem, tier) => {
    expect(tagParts(tag)).toEqual({ stem, tier });
  });

  it('nothing where it is an identifier', () => {
    const tag = '3514d3eb-8b40-621a-b9bc-aca8203f9d38';
    expect(isMeaningless(tag)).toBe(true);
    expect(tagParts(tag)).toBeNull();
  });
});

describe('an application is named by', () => {
  it.each([
    [['SGTSWEB', 'SGTSAPP', 'SGTSDB'], ['SGTSBOOKS'], 'BOOKS'],
    [['SG-ORDERS-FE', 'SG-ORDERS-DB'], ['SG-ORDERS'], 'ORDERS'],
    [['SG-ORDERS-FE', 'SG-ORDERS-DB'], [], 'ORDERS'],
    [['SHOPWEB', 'SHOPAPP'], ['SHOPALL'], 'SHOP'],
    [['prd_crm_web', 'prd_crm_db'], ['prd_crm'], 'CRM'],
    [['SGTSWEB', 'SGTSDB'], [], 'TS'],
  ])('%j in %j: %s', (tags, parents, name) => {
    expect(applicationName(tags, parents)).toBe(name);
  });

  it('nothing where the tags share no word', () => {
    expect(applicationName(['falcon-10', 'heron-11'], [])).toBeNull();
  });
});
