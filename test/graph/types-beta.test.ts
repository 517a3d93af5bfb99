// Our descriptions of the API against Microsoft's own types: most of this is decided by the compiler, when the
// tests are type-checked. What Microsoft may answer must be readable, and what we send must be theirs.

import type {
  AuthenticationMethodTarget,
  HardwareOathAuthenticationMethod,
  HardwareOathAuthenticationMethodConfiguration,
  HardwareOathTokenAuthenticationMethodDevice,
  NullableOption,
  User,
} from '@microsoft/microsoft-graph-types-beta';
import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { deviceShape } from '../../src/graph/device.js';
import type { ACTIVATE_DEVICE } from '../../src/graph/endpoints/activate-device.js';
import type { ASSIGN_DEVICE } from '../../src/graph/endpoints/assign-device.js';
import type { newDevice } from '../../src/graph/endpoints/create-device.js';
import type { CREATE_DEVICES } from '../../src/graph/endpoints/create-devices.js';
import type { policyShape } from '../../src/graph/endpoints/get-policy.js';
import type { userShape } from '../../src/graph/endpoints/get-user.js';
import type { LIST_METHODS } from '../../src/graph/endpoints/list-methods.js';

/** What an answer of Microsoft's type says of the properties that we read. The key is never left out. */
type Answered<Theirs extends { id?: string }, Ours> = Pick<Theirs, keyof Theirs & keyof Ours> & {
  id: string;
};

/** The properties that we name and Microsoft does not. */
type Unknown<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;

type Device = z.input<typeof deviceShape>;
type NewDevice = z.output<typeof newDevice>;
type Policy = z.input<typeof policyShape>;
type BulkItem = z.output<typeof CREATE_DEVICES.request>['value'][number];

describe("Microsoft's types of the beta API", () => {
  it('name every property that is read of a token, in a type that can be read', () => {
    expectTypeOf<Unknown<Device, HardwareOathTokenAuthenticationMethodDevice>>().toBeNever();
    expectTypeOf<Answered<HardwareOathTokenAuthenticationMethodDevice, Device>>().toExtend<Device>();
  });

  it('name every property that is read of a user', () => {
    expectTypeOf<Unknown<z.input<typeof userShape>, User>>().toBeNever();
    expectTypeOf<Answered<User, z.input<typeof userShape>>>().toExtend<z.input<typeof userShape>>();
  });

  it('name every property that is read of the policy', () => {
    expectTypeOf<Unknown<Policy, HardwareOathAuthenticationMethodConfiguration>>().toBeNever();
    expectTypeOf<Answered<HardwareOathAuthenticationMethodConfiguration, Policy>>().toExtend<Policy>();
    expectTypeOf<NullableOption<AuthenticationMethodTarget[]>>().toExtend<Policy['includeTargets']>();
  });

  it('take what is sent to create a token', () => {
    expectTypeOf<Unknown<NewDevice, HardwareOathTokenAuthenticationMethodDevice>>().toBeNever();
    expectTypeOf<Omit<NewDevice, 'assignTo'>>().toExtend<HardwareOathTokenAuthenticationMethodDevice>();
    expectTypeOf<NonNullable<NewDevice['assignTo']>>().toExtend<User>();
    expectTypeOf<
      Unknown<Omit<BulkItem, '@contentId'>, HardwareOathTokenAuthenticationMethodDevice>
    >().toBeNever();
  });

  it('take what is sent to assign a token', () => {
    expectTypeOf<z.output<typeof ASSIGN_DEVICE.request>>().toExtend<HardwareOathAuthenticationMethod>();
  });

  it('show the token inside a method', () => {
    type Item = z.input<typeof LIST_METHODS.response>['value'][number];
    expectTypeOf<{ device: { id: string } }>().toExtend<Item>();
    expectTypeOf<'device'>().toExtend<keyof HardwareOathAuthenticationMethod>();
  });

  it('do not describe the parameters of activate, which the schema of the service does', () => {
    // Both are nullable text there (graph-api.md, section 3.2).
    expectTypeOf<z.output<typeof ACTIVATE_DEVICE.request>>().toExtend<{
      verificationCode: string;
      displayName?: string | undefined;
    }>();
  });
});
