import { Param } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { parseId } from '@rootcellar/model';
import type { Id } from '@rootcellar/model';

const parse: PipeTransform<string, Id> = { transform: (value) => parseId(value) };

/** A path parameter that is one of our ids. */
export const IdParam = (name = 'id'): ParameterDecorator => Param(name, parse);
